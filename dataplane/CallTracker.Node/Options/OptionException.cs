namespace CallTracker.Node.Options;

/// <summary>A setting that cannot be used; its message is shown to whoever started the node, alone on a line.</summary>
internal sealed class OptionException(string message) : Exception(message);
