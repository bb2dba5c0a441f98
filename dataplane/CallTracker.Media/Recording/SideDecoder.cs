using CallTracker.Media.Codecs;

namespace CallTracker.Media.Recording;

/// <summary>
/// Decodes one side's packets of a codec that has a memory, in the order of their sequence numbers, and lays them into
/// the side's window as μ-law of 8 kHz. A packet that is ahead waits for those before it, until eight wait or what is
/// due is taken out of the window. Lent by <see cref="RecordingDecoders"/>; the writer's thread.
/// </summary>
internal sealed class SideDecoder
{
    /// <summary>Packets that wait at most.</summary>
    public const int HeldMax = 8;
    /// <summary>The longest payload that can wait; longer ones do not fit in a datagram of any usual network.</summary>
    public const int PayloadLengthMax = 1500;
    public const int RateHz = 8000;
    /// <summary>Of what has no sound; behind everything.</summary>
    public const long NoPosition = long.MaxValue;
    private const int WideHz = 16_000;
    private readonly Held[] _held = new Held[HeldMax];
    private readonly byte[] _payloads = new byte[HeldMax * PayloadLengthMax];
    private readonly short[] _samples = new short[AudioCodecs.PacketMsMax * WideHz / 1000];
    private readonly short[] _narrow = new short[AudioCodecs.PacketMsMax * RateHz / 1000];
    private readonly byte[] _codes = new byte[AudioCodecs.PacketMsMax * WideHz / 1000];
    private readonly Resampler _down = new(WideHz, RateHz);
    private AudioDecoder? _decoder;
    private int _heldCount;
    private bool _isStarted;
    private ushort _next;

    public RecordedCodec Codec { get; private set; }

    /// <summary>What it decodes with; it goes back to its pool when this does.</summary>
    public AudioDecoder? Decoder => _decoder;

    /// <summary>RTP time of a sample of 8 kHz.</summary>
    public int TicksPerSample { get; private set; }

    /// <summary>Makes it ready for a stream.</summary>
    public void Open(RecordedCodec codec, AudioDecoder decoder)
    {
        (Codec, _decoder) = (codec, decoder);
        TicksPerSample = AudioCodecs.ClockRateHz(decoder.Codec) / RateHz;
        _down.Reset();
        Array.Clear(_held);
        (_heldCount, _isStarted) = (0, false);
    }

    /// <summary>Samples of 8 kHz in a payload; 0 when it is none of this codec's.</summary>
    public int SamplesIn(ReadOnlySpan<byte> payload) =>
        (int)((long)_decoder!.SamplesIn(payload) * RateHz / _decoder.SampleRateHz);

    /// <summary>Takes the next packet that came; one with an empty payload only has its place in the order.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="position">
    /// Of its first sample, on the recording's clock; <see cref="NoPosition"/> without a payload.
    /// </param>
    /// <param name="payload">At most <see cref="PayloadLengthMax"/> bytes.</param>
    /// <param name="window">Where the sound goes.</param>
    /// <returns>Milliseconds of sound that came too late.</returns>
    public int Put(ushort sequence, long position, ReadOnlySpan<byte> payload, SideWindow window)
    {
        if (!_isStarted) (_isStarted, _next) = (true, sequence);
        var late = 0;
        if (_heldCount == HeldMax && sequence != _next) late += MakeRoom(sequence, window);
        var ahead = (short)(sequence - _next);
        // It was given up already, and what came after it is decoded.
        if (ahead < 0) return late + (SamplesIn(payload) * 1000 / RateHz);
        if (ahead > 0)
        {
            Hold(sequence, position, payload);
            return late;
        }
        _next++;
        late += Decode(position, payload, window);
        return late + DecodeFollowing(window);
    }

    /// <summary>What waits and lies before a place is waited for no longer.</summary>
    /// <returns>Milliseconds of sound that came too late.</returns>
    public int Flush(SideWindow window, long until = NoPosition)
    {
        var late = 0;
        while (Holds(until)) late += GiveUp(window);
        return late;
    }

    /// <summary>Another stream begins: nothing of the one before is missed.</summary>
    public int Restart(SideWindow window)
    {
        var late = Flush(window);
        _decoder!.Reset();
        _down.Reset();
        Array.Clear(_held);
        (_heldCount, _isStarted) = (0, false);
        return late;
    }

    private bool Holds(long until)
    {
        foreach (ref readonly var held in _held.AsSpan())
        {
            if (held.IsFull && held.Position < until) return true;
        }
        return false;
    }

    private void Hold(ushort sequence, long position, ReadOnlySpan<byte> payload)
    {
        var place = 0;
        while (_held[place].IsFull) place++;
        _held[place] = new Held { IsFull = true, Sequence = sequence, Position = position, Length = payload.Length };
        payload.CopyTo(_payloads.AsSpan(place * PayloadLengthMax));
        _heldCount++;
    }

    // The packet that came may be nearer than all that wait.
    private int MakeRoom(ushort sequence, SideWindow window)
    {
        var ahead = (short)(sequence - _next);
        if (ahead < 0 || ahead > Nearest()) return GiveUp(window);
        _next = sequence;
        return 0;
    }

    // What is missing is not waited for any longer.
    private int GiveUp(SideWindow window)
    {
        _next += (ushort)Nearest();
        _down.Reset();
        return DecodeFollowing(window);
    }

    // How far the next packet that waits is ahead.
    private short Nearest()
    {
        var nearest = short.MaxValue;
        foreach (ref readonly var held in _held.AsSpan())
        {
            if (held.IsFull) nearest = Math.Min(nearest, (short)(held.Sequence - _next));
        }
        return nearest;
    }

    private int DecodeFollowing(SideWindow window)
    {
        var late = 0;
        while (_heldCount > 0 && TryFind(_next, out var place))
        {
            ref var held = ref _held[place];
            held.IsFull = false;
            _heldCount--;
            _next++;
            late += Decode(held.Position, _payloads.AsSpan(place * PayloadLengthMax, held.Length), window);
        }
        return late;
    }

    private bool TryFind(ushort sequence, out int place)
    {
        for (place = 0; place < HeldMax; place++)
        {
            if (_held[place].IsFull && _held[place].Sequence == sequence) return true;
        }
        return false;
    }

    private int Decode(long position, ReadOnlySpan<byte> payload, SideWindow window)
    {
        if (payload.IsEmpty) return 0;
        var wanted = SamplesIn(payload);
        var count = _decoder!.Decode(payload, _samples);
        if (count == 0)
        {
            var ms = position / SideWindow.SamplesPerMs;
            window.Mark(ms, ms + (wanted / SideWindow.SamplesPerMs), SoundKind.Unrecordable);
            return 0;
        }
        ReadOnlySpan<short> sound = _samples.AsSpan(0, count);
        if (_decoder.SampleRateHz == WideHz) sound = _narrow.AsSpan(0, _down.Run(sound, _narrow));
        for (var i = 0; i < sound.Length; i++) _codes[i] = G711.ToMuLaw(sound[i]);
        return window.Write(position, _codes.AsSpan(0, sound.Length), isALaw: false);
    }

    private struct Held
    {
        public long Position;
        public int Length;
        public ushort Sequence;
        public bool IsFull;
    }
}
