using System.Buffers.Text;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Playback;

/// <summary>How a side can be played to: a codec that prompts are kept in, and its number there.</summary>
/// <param name="Codec">Null when the side takes none of them.</param>
/// <param name="PayloadType">The payload type in its RTP.</param>
public readonly record struct PlayFormat(PromptCodec? Codec, byte PayloadType)
{
    // An SDP of the longest kind could name thousands, each of which is looked for in all its lines.
    private const int ListedMax = 32;

    /// <summary>True when nothing can be played.</summary>
    public bool IsNone => Codec is null;

    /// <summary>The first format of the relayed stream that prompts are kept in.</summary>
    /// <param name="sdp">What the side's peer sent, or was sent as answer; parsed as Ok.</param>
    public static PlayFormat Choose(SdpView sdp)
    {
        var formats = sdp.Formats(sdp.AudioIndex);
        var listed = 0;
        foreach (var range in formats.Split((byte)' '))
        {
            if (++listed > ListedMax) break;
            var text = formats[range];
            var isNumber = Utf8Parser.TryParse(text, out byte type, out var length) && length == text.Length;
            if (!isNumber || type > 127) continue;
            if (!sdp.TryFindFormat(sdp.AudioIndex, type, out var name, out var clockRateHz)) continue;
            if (PromptCodecs.Find(name, clockRateHz) is { } codec) return new PlayFormat(codec, type);
        }
        return default;
    }
}
