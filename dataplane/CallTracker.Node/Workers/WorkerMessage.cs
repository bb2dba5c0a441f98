using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;
using CallTracker.Core.Memory;
using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>One item of a worker's mailbox.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Datagram">The message's bytes, for the kinds that have some; the worker returns it to its pool.</param>
/// <param name="Number">For <see cref="WorkerMessageKind.RouteSettled"/>.</param>
/// <param name="Stir">For <see cref="WorkerMessageKind.StirDone"/>; it goes back to the worker's desk.</param>
/// <param name="Media">For <see cref="WorkerMessageKind.ReadMedia"/>.</param>
/// <param name="Order">For <see cref="WorkerMessageKind.OrderRecording"/>.</param>
internal readonly record struct WorkerMessage(
    WorkerMessageKind Kind, Datagram? Datagram = null, PhoneNumber Number = default, StirJob? Stir = null,
    MediaQuery? Media = null, RecordingOrder? Order = null)
{
    /// <summary>When the kernel received it; now for what did not come from the network.</summary>
    public long CameUnixMs(in ReceivedAt now) =>
        Kind is WorkerMessageKind.Datagram or WorkerMessageKind.Inquiry ? Datagram!.At.UnixMs : now.UnixMs;

    /// <summary>A SIP message for the first that may own it.</summary>
    public static WorkerMessage Of(Datagram datagram, CallOwner owner) =>
        new(owner.Other < 0 ? WorkerMessageKind.Datagram : WorkerMessageKind.Inquiry, datagram);
}
