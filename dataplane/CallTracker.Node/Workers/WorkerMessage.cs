using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;
using CallTracker.Core.Memory;

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
    /// <summary>A SIP message for the first that may own it.</summary>
    public static WorkerMessage Of(Datagram datagram, CallOwner owner) =>
        new(owner.Other < 0 ? WorkerMessageKind.Datagram : WorkerMessageKind.Inquiry, datagram);
}
