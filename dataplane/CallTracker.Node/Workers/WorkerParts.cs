using CallTracker.Calls.Engine;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>What a worker is made of; assembled by the worker factory before its thread starts.</summary>
internal sealed record WorkerParts
{
    public required byte Number { get; init; }
    public required CallSpread Spread { get; init; }
    public required IClock Clock { get; init; }
    public required Epoll Epoll { get; init; }
    /// <summary>By which the RTP ports receive; null: by the epoll.</summary>
    public DatagramRing? Ring { get; init; }
    public required DatagramPool Datagrams { get; init; }
    public required DatagramReceiver Receiver { get; init; }
    /// <summary>Of the other IP version; null where the node has only one.</summary>
    public DatagramReceiver? SecondReceiver { get; init; }
    public required UdpSender Sender { get; init; }
    public required Mailbox Mailbox { get; init; }
    /// <summary>
    /// For so long at most, and one batch, signalling of one socket or mailbox goes on before the worker turns to what
    /// else is ready: audio of running calls must not wait for a flood. Milliseconds; 0: one batch, one message.
    /// </summary>
    public int SignallingMsMax { get; init; } = 2;
    /// <summary>Its thread is to run at real-time priority.</summary>
    public bool IsRealTime { get; init; }
    public required CallEngineParts Engine { get; init; }
}
