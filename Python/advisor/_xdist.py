"""pytest-xdist asks advisor how many workers `-n auto` means."""

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """As many as cgroups, cpusets, affinity and batch systems allow; None leaves it to xdist where there is no program."""
    from advisor._program import Error, cpus

    try:
        return cpus()
    except Error:
        return None
