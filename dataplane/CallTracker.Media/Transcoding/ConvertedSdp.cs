using System.Text;
using CallTracker.Media.Codecs;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Transcoding;

/// <summary>
/// The SDP of a call whose audio may be converted: an offer also names codecs that the offerer lacks, behind its own;
/// an answer that takes one of those names one of the offerer's in its place. Stateless.
/// </summary>
public static class ConvertedSdp
{
    private const int DynamicFirst = 96;
    private const int DynamicLast = 127;
    // L16 takes four times the bandwidth of the others: it is offered where a trunk names it, not of our own accord.
    private static readonly AudioCodec[] Usual =
        [AudioCodec.Pcmu, AudioCodec.Pcma, AudioCodec.G722, AudioCodec.Opus];

    /// <summary>Writes an offer for a peer that may use certain codecs.</summary>
    /// <param name="offer">A view that parsed as Ok.</param>
    /// <param name="allowed">Encoding names in lower case, the preferred first; empty: all.</param>
    /// <param name="destination">Where to write; the offer's length and 500 bytes are enough.</param>
    /// <param name="length">Bytes written; 0 unless Reduced, which here says that it differs from the offer.</param>
    public static CodecFilterResult WriteOffer(
        SdpView offer, ReadOnlySpan<byte[]> allowed, Span<byte> destination, out int length)
    {
        length = 0;
        var offered = AudioFormats.Of(offer);
        // What we cannot decode can only be relayed.
        if (offered.First == AudioCodec.None)
        {
            return allowed.IsEmpty
                ? CodecFilterResult.AllKept
                : CodecFilter.Write(offer, allowed, destination, out length);
        }
        // What describes a type that is not named could contradict what is named by it now.
        Span<bool> named = stackalloc bool[SdpFormats.PayloadTypes];
        Span<bool> kept = stackalloc bool[SdpFormats.PayloadTypes];
        Mark(offer, named);
        var left = CodecFilterResult.AllKept;
        if (allowed.IsEmpty) named.CopyTo(kept);
        else left = CodecFilter.Choose(offer, allowed, kept);
        Span<AudioCodec> added = stackalloc AudioCodec[AudioCodecs.Count];
        var count = ChooseAdded(named, allowed, ref offered, added);
        if (count == 0 && left != CodecFilterResult.Reduced) return left;
        return SdpFormats.TryWrite(offer, kept, added[..count], offered, destination, out length)
            ? CodecFilterResult.Reduced
            : CodecFilterResult.Overflow;
    }

    /// <summary>
    /// Writes an answer for the offerer; false when it needs no change or none is possible, which <see
    /// cref="AudioTerms.NeedsConversionFor"/> tells apart.
    /// </summary>
    /// <param name="answer">A view that parsed as Ok.</param>
    /// <param name="offerer">What the offer said.</param>
    /// <param name="destination">Where to write; the answer's length and 200 bytes are enough.</param>
    /// <param name="length">Bytes written.</param>
    public static bool TryWriteAnswer(SdpView answer, in AudioTerms offerer, Span<byte> destination, out int length)
    {
        length = 0;
        var terms = AudioTerms.Of(answer);
        if (!terms.NeedsConversionFor(offerer)) return false;
        Span<bool> kept = stackalloc bool[SdpFormats.PayloadTypes];
        Span<AudioCodec> added = stackalloc AudioCodec[3];
        var count = 0;
        if (!KeepShared(answer, offerer.Formats, kept))
        {
            kept.Clear();
            count = ChooseAnswer(terms.Formats, offerer.Formats, added);
            if (count == 0) return false;
        }
        return SdpFormats.TryWrite(answer, kept, added[..count], offerer.Formats, destination, out length);
    }

    private static void Mark(SdpView offer, scoped Span<bool> named)
    {
        var list = offer.Formats(offer.AudioIndex);
        while (SdpFormats.TryTake(ref list, out var type))
        {
            if (type >= 0) named[type] = true;
        }
    }

    private static int ChooseAdded(
        scoped Span<bool> used, ReadOnlySpan<byte[]> allowed, ref AudioFormats numbers, scoped Span<AudioCodec> added)
    {
        var hasEvents = HasEvent(numbers);
        var count = 0;
        if (allowed.IsEmpty)
        {
            foreach (var codec in Usual) Add(codec, used, ref numbers, added, ref count);
        }
        foreach (var name in allowed)
        {
            for (var codec = AudioCodec.Pcmu; codec <= AudioCodec.L16Wide; codec++)
            {
                if (Ascii.EqualsIgnoreCase(AudioCodecs.Name(codec), name))
                    Add(codec, used, ref numbers, added, ref count);
            }
        }
        var codecs = count;
        for (var i = 0; hasEvents && i < codecs; i++)
            Add(AudioCodecs.EventOf(added[i]), used, ref numbers, added, ref count);
        return count;
    }

    private static void Add(
        AudioCodec codec, scoped Span<bool> used, ref AudioFormats numbers, scoped Span<AudioCodec> added,
        ref int count)
    {
        if (numbers.Has(codec) || (!AudioCodecs.IsEvent(codec) && !AudioCodecs.IsConvertible(codec))) return;
        var type = AudioCodecs.StaticType(codec);
        if (type < 0 || used[type]) type = DynamicFirst;
        while (type <= DynamicLast && used[type]) type++;
        if (type > DynamicLast) return;
        used[type] = true;
        numbers = numbers.With(codec, type);
        added[count++] = codec;
    }

    // True when a codec is left that both have, known to us or not; what goes beside codecs stays with it.
    private static bool KeepShared(SdpView answer, in AudioFormats offered, scoped Span<bool> kept)
    {
        var isShared = false;
        var list = answer.Formats(answer.AudioIndex);
        for (var i = 0; i < SdpFormats.ReadMax && SdpFormats.TryTake(ref list, out var type); i++)
        {
            if (type < 0) continue;
            var codec = SdpFormats.CodecOf(answer, type);
            kept[type] = codec == AudioCodec.None
                ? offered.HasOthers && SdpFormats.IsOtherCodec(answer, type)
                : offered.Has(codec);
            isShared |= kept[type] && codec <= AudioCodec.L16Wide;
        }
        return isShared;
    }

    private static int ChooseAnswer(in AudioFormats answered, in AudioFormats offered, scoped Span<AudioCodec> chosen)
    {
        var codec = offered.First;
        if (codec == AudioCodec.None) return 0;
        var count = 0;
        chosen[count++] = codec;
        var digits = AudioCodecs.EventOf(codec);
        if (HasEvent(answered) && offered.Has(digits)) chosen[count++] = digits;
        var hasNoise = answered.Has(AudioCodec.ComfortNoise) && offered.Has(AudioCodec.ComfortNoise);
        if (hasNoise && AudioCodecs.ClockRateHz(codec) == AudioCodecs.ClockRateHz(AudioCodec.ComfortNoise))
            chosen[count++] = AudioCodec.ComfortNoise;
        return count;
    }

    private static bool HasEvent(in AudioFormats formats) =>
        formats.Has(AudioCodec.Event8) || formats.Has(AudioCodec.Event16) || formats.Has(AudioCodec.Event48);
}
