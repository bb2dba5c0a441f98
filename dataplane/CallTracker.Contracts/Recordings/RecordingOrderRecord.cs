namespace CallTracker.Contracts.Recordings;

/// <summary>
/// An order for the recording of a call that is up. The control plane publishes it to all nodes
/// (<see cref="Redis.RedisKeys.RecordingOrders"/>, JSON); the one that started the call answers. Not kept anywhere.
/// </summary>
public sealed record RecordingOrderRecord
{
    /// <summary>The longest text of an order, in characters; a longer one is none.</summary>
    public const int TextLengthMax = 1024;
    /// <summary>How long an order is worth carrying out, and its answer waited for.</summary>
    public const int TimeoutMs = 2000;
    /// <summary>Random; the answer carries it.</summary>
    public required string OrderId { get; init; }
    public required string TrnId { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>The advertiser whose call it must be; null for any of the operator's.</summary>
    public string? ClientId { get; init; }
    public required RecordingAction Action { get; init; }
}
