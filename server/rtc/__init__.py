"""Calls over WebRTC: processes of their own, which are clients of the server like any other."""
