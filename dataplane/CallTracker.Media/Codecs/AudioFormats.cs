using CallTracker.Media.Sdp;

namespace CallTracker.Media.Codecs;

/// <summary>
/// Which payload type an SDP gives to each <see cref="AudioCodec"/>, and which codec it names first: what a leg's peer
/// can send and take. A plain value of 16 bytes: one for each codec, the payload type with the highest bit set.
/// </summary>
public readonly record struct AudioFormats
{
    private const byte Present = 0x80;
    private const int FirstPlace = 14;
    private const int OthersPlace = 15;
    private readonly ulong _low;
    private readonly ulong _high;

    private AudioFormats(ulong low, ulong high) => (_low, _high) = (low, high);

    /// <summary>True when it names nothing at all.</summary>
    public bool IsEmpty => _low == 0 && _high == 0;

    /// <summary>The codec named first that can be converted; None when there is none.</summary>
    public AudioCodec First => (AudioCodec)At(FirstPlace);

    /// <summary>True when it names codecs that are only relayed.</summary>
    public bool HasOthers => At(OthersPlace) != 0;

    /// <summary>What the relayed audio stream of an SDP names; a codec named twice counts once.</summary>
    public static AudioFormats Of(SdpView sdp)
    {
        var formats = default(AudioFormats);
        if (sdp.AudioIndex < 0) return formats;
        var list = sdp.Formats(sdp.AudioIndex);
        for (var i = 0; i < SdpFormats.ReadMax && SdpFormats.TryTake(ref list, out var type); i++)
        {
            var codec = SdpFormats.CodecOf(sdp, type);
            if (codec != AudioCodec.None) formats = formats.With(codec, type);
            else if (SdpFormats.IsOtherCodec(sdp, type)) formats = formats.Set(OthersPlace, 1);
        }
        return formats;
    }

    /// <summary>The payload type of a codec; -1 when it is not named.</summary>
    public int TypeOf(AudioCodec codec) => Has(codec) ? At((int)codec) & ~Present : -1;

    public bool Has(AudioCodec codec) => (At((int)codec) & Present) != 0;

    /// <summary>The same with one codec more, behind the others; as it is when it has it.</summary>
    public AudioFormats With(AudioCodec codec, int payloadType)
    {
        if (codec == AudioCodec.None || Has(codec)) return this;
        var more = Set((int)codec, (byte)(payloadType | Present));
        return First == AudioCodec.None && AudioCodecs.IsConvertible(codec)
            ? more.Set(FirstPlace, (byte)codec)
            : more;
    }

    /// <summary>The first codec, of those that can be converted, that both name; None when there is none.</summary>
    public AudioCodec FirstShared(in AudioFormats other)
    {
        if (First != AudioCodec.None && other.Has(First)) return First;
        for (var codec = AudioCodec.Pcmu; codec <= AudioCodec.L16Wide; codec++)
        {
            if (Has(codec) && other.Has(codec) && AudioCodecs.IsConvertible(codec)) return codec;
        }
        return AudioCodec.None;
    }

    private int At(int place) => (int)(((place < 8 ? _low : _high) >> ((place & 7) * 8)) & 0xff);

    private AudioFormats Set(int place, byte value)
    {
        var bits = (ulong)value << ((place & 7) * 8);
        return place < 8 ? new AudioFormats(_low | bits, _high) : new AudioFormats(_low, _high | bits);
    }
}
