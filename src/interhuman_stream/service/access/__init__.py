"""Who may use the service: keys and tokens, their database, quotas, throttles, origins."""
