"""The distribution's own name. The code is `app`, beside this folder in a checkout and within it once installed."""
