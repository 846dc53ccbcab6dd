#pragma once

/// What this was built from, which only the preprocessor is told (see Package.swift); NULL where the build did not say.
const char *_Nullable cbuild_commit(void);
/// The version of the Swift compiler; NULL where the build did not say.
const char *_Nullable cbuild_compiler(void);
