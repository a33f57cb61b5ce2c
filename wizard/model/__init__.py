"""Values and text in, values and text out: nothing here touches the host."""
