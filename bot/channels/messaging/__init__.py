"""What the messaging platforms share: updates kept before they are acknowledged, turns run once, answers sent until they arrive."""
