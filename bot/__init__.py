"""The running application: settings, wiring, command line, dispatcher, delivery, channels and web."""
