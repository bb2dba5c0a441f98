using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallTracker.Contracts.Recordings;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>
/// A recording that is being made: packets go into its track, whole seconds out of it into its file. Owned by the
/// writer's thread.
/// </summary>
internal sealed class OpenRecording : IDisposable
{
    private readonly RecordingTrack _track;
    private readonly RecordingFileWriter _file;
    private readonly RecordingScratch _scratch;
    private SecondAccount _caller;
    private SecondAccount _callee;
    // What came, and the disk did not take.
    private uint _callerUnwrittenMs;
    private uint _calleeUnwrittenMs;
    private uint _consentMs;
    private long _pausedMs;
    // On the workers' clock; -1 while it is not paused.
    private long _pausedAtMs = -1;

    public OpenRecording(
        RecordingStart start, long atMs, RecordingTrack track, RecordingFileWriter file, RecordingScratch scratch)
    {
        (Slot, _track, _file, _scratch) = (start.Slot, track, file, scratch);
        track.Begin(atMs, start.FormatsA, start.FormatsB);
        // The file is there from the first moment, so that a node that dies at once leaves a trace of it.
        file.TryOpen();
    }

    /// <summary>The session's slot.</summary>
    public int Slot { get; }

    /// <summary>Disposed with this.</summary>
    public RecordingFileWriter File => _file;

    /// <summary>Goes back to the pool afterwards.</summary>
    public RecordingTrack Track => _track;

    /// <summary>Takes an entry of the ring that is of this recording.</summary>
    public void Take(in RecordingEntry entry, ReadOnlySpan<byte> payload)
    {
        Advance(entry.AtMs);
        switch (entry.Kind)
        {
            case RecordingEntryKind.Packet:
                _track.Take(entry, payload);
                break;
            case RecordingEntryKind.Formats:
                _track.SetFormats(entry.Side, MemoryMarshal.Read<RecordedTypes>(payload));
                break;
            case RecordingEntryKind.Pause or RecordingEntryKind.Resume:
                Pause(entry.Kind == RecordingEntryKind.Pause, entry.AtMs);
                break;
            case RecordingEntryKind.Consent:
                if (_consentMs == 0) _consentMs = (uint)_track.PlaceOf(entry.AtMs) + 1;
                Mark(RecordingMark.Consent, entry.AtMs);
                break;
            default:
                break;
        }
    }

    /// <summary>Writes what is due.</summary>
    public void Advance(long nowMs)
    {
        while (_track.TryTakeOut(nowMs, _scratch.A, _scratch.B, out var a, out var b))
            Write(RecordingTrack.StretchMs, a, b);
    }

    /// <summary>Writes the rest and the end.</summary>
    /// <param name="endMs">When it ended; null when nobody told.</param>
    /// <param name="missed">Packets of each side that found no room at last.</param>
    public ClosedRecording Close(long? endMs, (int A, int B) missed)
    {
        var end = endMs ?? _track.LastMs;
        _track.MissLast(missed.A, missed.B, end);
        EndPause(end);
        while (_track.TakeRest(end, _scratch.A, _scratch.B, out var a, out var b) is var ms and > 0) Write(ms, a, b);
        var (summary, isEnded) = _file.End(Summarise(isTold: endMs is not null), _scratch.Chunk);
        if (!isEnded && summary.State != RecordingState.Failed)
            summary = summary with { State = RecordingState.Partial, Faults = summary.Faults | RecordingFault.Disk };
        return new ClosedRecording(RowOf(_file.Header, summary, _file.Bytes), isEnded);
    }

    /// <summary>The row of a recording; its version follows from the file, so that it is the same made anew.</summary>
    public static RecordingRecord RowOf(RecordingHeader header, RecordingSummary summary, ulong bytes) => new()
    {
        TrnId = header.TrnId,
        OperatorId = header.OperatorId,
        ClientId = header.ClientId,
        DinMs = header.DinMs,
        NodeId = header.NodeId,
        StartMs = header.StartMs,
        Sides = header.Sides,
        Summary = summary,
        KeepDays = header.KeepDays,
        Bytes = bytes,
        Version = (ulong)(header.StartMs + summary.DurationMs),
    };

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Pause(bool isPaused, long atMs)
    {
        _track.Pause(isPaused);
        Mark(isPaused ? RecordingMark.Pause : RecordingMark.Resume, atMs);
        EndPause(atMs);
        if (isPaused) _pausedAtMs = atMs;
    }

    private void EndPause(long atMs)
    {
        if (_pausedAtMs >= 0) _pausedMs += Math.Max(0, atMs - _pausedAtMs);
        _pausedAtMs = -1;
    }

    private void Mark(RecordingMark mark, long atMs) =>
        _file.TryWriteMark(mark, (uint)_track.PlaceOf(atMs), _scratch.Chunk);

    private void Write(int ms, in SecondAccount a, in SecondAccount b)
    {
        var content = _scratch.Content.AsSpan();
        var at = RecordingFormat.SoundHeadLength;
        BinaryPrimitives.WriteUInt16LittleEndian(content[4..], (ushort)ms);
        if (HasCaller) at += Add(ref _caller, a, content[6..], _scratch.A, ms, content[at..]);
        if (HasCallee)
            at += Add(ref _callee, b, content[(6 + RecordingFormat.AccountLength)..], _scratch.B, ms, content[at..]);
        var isSilent = (!HasCaller || a.Received == 0) && (!HasCallee || b.Received == 0);
        if (_file.TryWriteSound(content[..(isSilent ? RecordingFormat.SoundHeadLength : at)], _scratch.Chunk)) return;
        if (HasCaller) _callerUnwrittenMs += (uint)a.Received;
        if (HasCallee) _calleeUnwrittenMs += (uint)b.Received;
    }

    private bool HasCaller => _file.Header.Sides is RecordingSetting.Caller or RecordingSetting.Both;

    private bool HasCallee => _file.Header.Sides is RecordingSetting.Callee or RecordingSetting.Both;

    private static int Add(
        ref SecondAccount sum, in SecondAccount account, Span<byte> place, byte[] samples, int ms, Span<byte> sound)
    {
        sum.Add(account);
        ReadOnlySpan<int> values =
        [
            account.Received, account.Lost, account.Overflow, account.Unrecordable, account.Idle, account.Late,
            account.Duplicates,
        ];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(place[(2 * i)..], (ushort)Math.Min(values[i], ushort.MaxValue));
        var length = ms * RecordingFormat.SamplesPerMs;
        samples.AsSpan(0, length).CopyTo(sound);
        return length;
    }

    private RecordingSummary Summarise(bool isTold)
    {
        var faults = RecordingFault.None;
        if (_caller.Overflow + _callee.Overflow > 0) faults |= RecordingFault.Overflow;
        if (_caller.Unrecordable + _callee.Unrecordable > 0) faults |= RecordingFault.Codec;
        if (_file.HasFailed) faults |= RecordingFault.Disk;
        var isEmpty = _file.SecondsWritten == 0 && _track.TakenMs > 0;
        // What the network lost is nobody's fault here; it is counted.
        var sound = faults == RecordingFault.None ? RecordingState.Complete : RecordingState.Partial;
        var state = isEmpty ? RecordingState.Failed : sound;
        return new RecordingSummary
        {
            State = isTold || isEmpty ? state : RecordingState.Interrupted,
            Faults = faults,
            DurationMs = (uint)_track.TakenMs,
            CallerLostMs = Missing(_caller) + _callerUnwrittenMs,
            CalleeLostMs = Missing(_callee) + _calleeUnwrittenMs,
            MissingMs = (uint)(_caller.Overflow + _caller.Unrecordable + _callee.Overflow + _callee.Unrecordable)
                + _callerUnwrittenMs + _calleeUnwrittenMs,
            ConsentMs = _consentMs,
            PausedMs = (uint)_pausedMs,
        };
    }

    private static uint Missing(in SecondAccount account) => (uint)(account.Expected - account.Received);
}
