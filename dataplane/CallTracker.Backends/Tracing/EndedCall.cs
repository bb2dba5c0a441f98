using System.Buffers.Binary;
using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Tracing;

namespace CallTracker.Backends.Tracing;

/// <summary>The end of a call, or its start, as its worker noted it. Immutable; the collector's task.</summary>
internal sealed record EndedCall
{
    public required string TrnId { get; init; }
    public required CallOutcome Outcome { get; init; }
    public required EndReason Reason { get; init; }
    /// <summary>Unix milliseconds, UTC.</summary>
    public required long EndedMs { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>Normalised digits.</summary>
    public required string Called { get; init; }
    /// <summary>Normalised digits; empty when withheld. Never leaves the process.</summary>
    public required string Caller { get; init; }

    public static EndedCall Read(ReadOnlySpan<byte> payload) => new()
    {
        TrnId = Encoding.ASCII.GetString(payload[..CallFacts.TrnIdLength]),
        Outcome = (CallOutcome)payload[TraceEnd.OutcomeAt],
        Reason = (EndReason)payload[TraceEnd.ReasonAt],
        EndedMs = BinaryPrimitives.ReadInt64LittleEndian(payload[TraceEnd.EndedMsAt..]),
        OperatorId = Text(payload[TraceEnd.OperatorAt..]),
        Called = Text(payload[TraceEnd.CalledAt..]),
        Caller = Text(payload[TraceEnd.CallerAt..]),
    };

    private static string Text(ReadOnlySpan<byte> field) => Encoding.ASCII.GetString(field.Slice(1, field[0]));
}
