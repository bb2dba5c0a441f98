namespace CallTracker.Contracts.ClickHouse;

/// <summary>What went wrong with a statement: the server's code and text, or a network failure. Immutable.</summary>
public sealed class ClickHouseException : Exception
{
    public ClickHouseException(int code, string message, bool isTransient, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        IsTransient = isTransient;
    }

    /// <summary>The server's error code (system.errors); 0 when no answer of ClickHouse came.</summary>
    public int Code { get; }

    /// <summary>True when the same statement may well succeed later without anybody changing anything.</summary>
    public bool IsTransient { get; }
}
