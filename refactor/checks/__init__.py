"""The built-in checks, one file each: every file exports one frozen `CHECK`, found by `plugins.load`.

A check reads the `View` and yields findings; it opens no file itself and changes nothing.
"""
