def nothing(value):
    return value
