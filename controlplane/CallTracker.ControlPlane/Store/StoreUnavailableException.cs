namespace CallTracker.ControlPlane.Store;

/// <summary>Redis did not answer in time. Answered with 503; nothing is known about the fate of a write.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
