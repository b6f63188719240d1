"""The guided choice: which treatment may suit."""
