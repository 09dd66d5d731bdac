"""Tests of the stores: the embedded one, any endpoint, and a hostile one."""
