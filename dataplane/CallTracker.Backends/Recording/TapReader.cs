using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CallTracker.Calls.Recording;
using CallTracker.Contracts.Recordings;
using CallTracker.Core.Time;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Reads one worker's ring and makes its recordings. A recording whose end found no room in the ring is found by
/// asking the tap. The writer's thread.
/// </summary>
internal sealed class TapReader(
    RecordingTap tap, RecordingRing ring, RecordingParts parts, IClock clock) : IDisposable
{
    private readonly Dictionary<uint, OpenRecording> _open = [];
    private readonly List<uint> _gone = [];

    /// <summary>Recordings being made.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Bytes that wait in the ring.</summary>
    public long Waiting => ring.Waiting;

    /// <summary>Takes what waits, and writes what is due.</summary>
    /// <param name="isCheckDue">True looks for recordings whose end was not told.</param>
    public void Turn(bool isCheckDue)
    {
        // Both before the ring is read: what is older than this moment is in it.
        var nowMs = clock.NowMs;
        if (isCheckDue) FindGone();
        // What is there now and no more: the other workers wait too.
        var left = ring.Waiting;
        while (left > 0 && ring.TryPeek(out var entry, out var payload))
        {
            left -= RecordingRing.LengthOf(entry);
            try
            {
                Take(entry, payload);
            }
            finally
            {
                // Whatever befell it: come upon again it would stand before all that follows it.
                ring.Take(entry);
            }
        }
        foreach (var recording in _open.Values) recording.Advance(nowMs);
        foreach (var number in _gone) Close(number, endMs: null, default);
        _gone.Clear();
    }

    /// <summary>Ends what is still open: the workers are gone.</summary>
    public void Dispose()
    {
        _gone.AddRange(_open.Keys);
        foreach (var number in _gone) Close(number, endMs: null, default);
    }

    private void FindGone()
    {
        foreach (var (number, recording) in _open)
        {
            if (!tap.IsRunning(recording.Slot, number)) _gone.Add(number);
        }
    }

    private void Take(in RecordingEntry entry, ReadOnlySpan<byte> payload)
    {
        if (entry.Kind == RecordingEntryKind.Start)
        {
            Open(entry, payload);
        }
        else if (entry.Kind == RecordingEntryKind.Stop)
        {
            var dropped = MemoryMarshal.Cast<byte, ushort>(payload);
            Close(entry.Number, entry.AtMs, (dropped[0], dropped[1]));
        }
        else if (_open.TryGetValue(entry.Number, out var recording))
        {
            recording.Take(entry, payload);
        }
    }

    private void Open(in RecordingEntry entry, ReadOnlySpan<byte> payload)
    {
        var start = MemoryMarshal.Read<RecordingStart>(payload);
        var label = payload[Unsafe.SizeOf<RecordingStart>()..];
        var (operatorId, clientId, keepDays) = RecordingOwner.Read(RecordingLabel.Owner(label));
        var header = new RecordingHeader(
            System.Text.Encoding.ASCII.GetString(RecordingLabel.TrnId(label)), operatorId, clientId, parts.NodeId,
            RecordingLabel.DinUnixMs(label), start.UnixMs, (RecordingSetting)start.Sides)
        {
            KeepDays = keepDays,
        };
        var file = new RecordingFileWriter(header, parts.Keys, parts.Store, parts.Counters);
        _open[entry.Number] = new OpenRecording(start, entry.AtMs, parts.RentTrack(), file, parts.Scratch);
        parts.Counters.CountOpen(1);
    }

    private void Close(uint number, long? endMs, (int A, int B) missed)
    {
        if (!_open.Remove(number, out var recording)) return;
        parts.Counters.CountOpen(-1);
        var closed = recording.Close(endMs, missed);
        parts.Closed(closed);
        if (closed.HasFile || !parts.Unended.TryKeep(recording.File, closed)) recording.Dispose();
        parts.ReturnTrack(recording.Track);
    }
}
