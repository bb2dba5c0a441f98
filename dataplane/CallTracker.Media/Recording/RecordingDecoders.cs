using CallTracker.Media.Codecs;

namespace CallTracker.Media.Recording;

/// <summary>
/// Lends decoders to the sides of recordings: as many are made as were ever in use at a time, up to a bound. Used by
/// the writer's thread alone.
/// </summary>
/// <param name="countMax">Decoders lent at a time; beyond, a side's sound is silence and counted.</param>
public sealed class RecordingDecoders(int countMax = RecordingDecoders.CountMaxUsual) : IDisposable
{
    /// <summary>Both sides of two thousand calls; about 30 KB each.</summary>
    public const int CountMaxUsual = 4000;
    private readonly CodecPool _pool = new();
    private readonly Stack<SideDecoder> _free = new();
    private int _lent;

    /// <summary>Decoders that are lent.</summary>
    public int Lent => _lent;

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    /// <summary>A decoder at the beginning of a stream; null when there is none (left) for this codec.</summary>
    internal SideDecoder? TryRent(RecordedCodec recorded)
    {
        var codec = recorded switch
        {
            RecordedCodec.G722 => AudioCodec.G722,
            RecordedCodec.Opus => AudioCodec.Opus,
            RecordedCodec.L16Narrow => AudioCodec.L16Narrow,
            RecordedCodec.L16Wide => AudioCodec.L16Wide,
            _ => AudioCodec.None,
        };
        if (_lent == countMax || !AudioCodecs.IsConvertible(codec)) return null;
        _lent++;
        var decoder = _free.TryPop(out var free) ? free : new SideDecoder();
        decoder.Open(recorded, _pool.RentDecoder(codec, SideDecoder.RateHz));
        return decoder;
    }

    /// <summary>Takes a decoder back.</summary>
    internal void Return(SideDecoder decoder)
    {
        _lent--;
        _pool.Return(decoder.Decoder);
        _free.Push(decoder);
    }
}
