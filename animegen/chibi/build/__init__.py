"""Making chibi from nothing: renders, judge, autoencoder, text encoder, UNet, weights folder."""
