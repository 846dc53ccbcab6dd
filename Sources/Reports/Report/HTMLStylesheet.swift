extension HTML {
  /// How a report looks: on a screen, light or dark, wide or narrow, and on paper.
  static let stylesheet: HTML = """
    :root { --paper: #fff; --ink: #1c2430; --soft: #536074; --line: #d5dbe4; --panel: #f5f7fa; --link: #0b57b0;
      --s1: #0b62c4; --s2: #b4450a; --s3: #1b7a43; --s4: #8a3ea8; --s5: #7a5c00; --s6: #b3246b; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --paper: #12161c; --ink: #e6eaf0; --soft: #a5b0c0; --line: #39424f; --panel: #1b212a; --link: #8ab8f5;
        --s1: #6cb0ff; --s2: #ff9d5c; --s3: #5fd08c; --s4: #d79bf0; --s5: #e3c04d; --s6: #ff8fc0; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; }
    h1 { margin: 0.5rem 0 0; } h3 { margin: 1rem 0 0.25rem; font-size: 1rem; } h2 { margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); }
    header p, figcaption { color: var(--soft); } a { color: var(--link); }
    main li { max-width: 46rem; overflow-wrap: anywhere; }
    p, figcaption { max-width: 46rem; overflow-wrap: anywhere; margin: 0.5rem 0; }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
    .exhibits { display: flex; flex-wrap: wrap; gap: 0 3rem; } .exhibits > div { max-width: 100%; }
    .table { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; border-bottom: 1px solid var(--line); }
    th { color: var(--soft); font-weight: 600; } td { white-space: nowrap; } .number { text-align: right; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem; }
    figure { margin: 0.5rem 0; min-width: 0; max-width: 36rem; } .plot svg { display: block; width: 100%; height: auto; }
    .drawing { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-bottom: 0.75rem; } .box { border: 2px solid var(--line); padding: 0.5rem; }
    .box { border-radius: 0.4rem; } .box h3 { margin: 0 0 0.5rem; font-size: 0.9rem; color: var(--soft); }
    .box ul { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0; padding: 0; list-style: none; }
    .box li { padding: 0.3rem 0.6rem; border: 1px solid var(--s1); border-radius: 0.25rem; background: var(--panel); }
    [class^="map-"] { text-align: center; border: 1px solid var(--line); padding: 0.25rem 0.5rem; }
    .map-T { background: color-mix(in srgb, var(--s1) 22%, var(--paper)); }
    .map-K { background: color-mix(in srgb, var(--s3) 22%, var(--paper)); }
    .map-P { background: color-mix(in srgb, var(--s2) 22%, var(--paper)); }
    .map-A { background: color-mix(in srgb, var(--s4) 22%, var(--paper)); }
    .map-L { background: color-mix(in srgb, var(--s5) 22%, var(--paper)); }
    .missing { padding: 0.5rem 0.75rem; background: var(--panel); border-left: 4px solid var(--s2); }
    pre { overflow: auto; max-height: 30rem; background: var(--panel); padding: 0.75rem; font-size: 0.8rem; }
    summary { cursor: pointer; } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .print { display: none; }
    @media (max-width: 30rem) { table { font-size: 0.65rem; } td, th { white-space: normal; padding-right: 0.25rem; }
      [class^="map-"] { padding: 0.2rem 0.1rem; } }
    @media print { body { max-width: none; font-size: 10pt; } nav, #raw details { display: none; } .print { display: block; }
      figure { max-width: none; } .plot { max-width: 11cm; } .figures { display: block; }
      details { font-size: 7pt; line-height: 1.2; columns: 2; } details::details-content { content-visibility: visible; }
      .plot, figcaption, tr, .exhibits > div, .box, .missing { break-inside: avoid; } h2, h3, figcaption, section > p { break-after: avoid; }
      .table { overflow: visible; }
      td, th { white-space: normal; } }
    """
}
