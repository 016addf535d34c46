"""How good the engine is, in figures: public data sets by folder, measures with intervals, baselines beside them."""
