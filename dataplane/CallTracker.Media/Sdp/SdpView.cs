using System.Buffers.Text;
using CallTracker.Media.Dtls;
using CallTracker.Media.Quality;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Sdp;

/// <summary>
/// A parsed SDP (RFC 8866), as far as relaying audio needs it. Keeps a copy of the bytes, so it outlives the datagram;
/// reused for the next by its one worker thread. Allocates nothing after construction.
/// </summary>
public sealed class SdpView
{
    /// <summary>Longest SDP taken; a datagram's worth and more.</summary>
    public const int BytesMax = 8192;
    /// <summary>Most streams taken.</summary>
    public const int MediaMax = 8;
    // More are looked for in the lines.
    private const int MapsMax = 64;
    private readonly byte[] _text = new byte[BytesMax];
    private readonly SdpMedia[] _media = new SdpMedia[MediaMax];
    private readonly SdpMap[] _maps = new SdpMap[MapsMax];
    private int _mapCount;
    private int _length;
    private SdpConnection _sessionConnection;
    private SdpDirection _sessionDirection;

    public int MediaCount { get; private set; }

    /// <summary>The first usable audio stream, the one that is relayed; -1 unless the SDP parsed as Ok.</summary>
    public int AudioIndex { get; private set; } = -1;

    /// <summary>
    /// True when the SDP can be read and takes no audio: every audio stream has port 0 (RFC 3264 section 6).
    /// </summary>
    public bool IsRefusal { get; private set; }

    /// <summary>The stream of <see cref="AudioIndex"/>; only after an Ok.</summary>
    public ref readonly SdpMedia Audio => ref _media[AudioIndex];

    internal ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    public ref readonly SdpMedia Media(int index) => ref _media[index];

    public ReadOnlySpan<byte> MediaType(int index) => _media[index].TypeText.Of(Text);

    public ReadOnlySpan<byte> Protocol(int index) => _media[index].ProtocolText.Of(Text);

    public ReadOnlySpan<byte> Formats(int index) => _media[index].FormatsText.Of(Text);

    public SdpParseResult Parse(ReadOnlySpan<byte> sdp)
    {
        (_length, MediaCount, AudioIndex, IsRefusal) = (0, 0, -1, false);
        (_sessionConnection, _sessionDirection, _mapCount) = (default, SdpDirection.SendRecv, 0);
        if (sdp.IsEmpty) return SdpParseResult.Empty;
        if (sdp.Length > BytesMax) return SdpParseResult.TooLong;
        sdp.CopyTo(_text);
        _length = sdp.Length;
        var result = ReadLines();
        if (result == SdpParseResult.Ok) result = ChooseAudio();
        if (result != SdpParseResult.Ok) AudioIndex = -1;
        IsRefusal = result == SdpParseResult.NoUsableAudio && MediaCount > 0;
        return result;
    }

    /// <summary>Finds what a payload type means: by a=rtpmap, else by the static table of RFC 3551.</summary>
    /// <returns>False when neither knows it.</returns>
    public bool TryFindFormat(int mediaIndex, int payloadType, out ReadOnlySpan<byte> name, out int clockRateHz) =>
        TryFindFormat(mediaIndex, payloadType, out name, out clockRateHz, out _);

    /// <summary>The same, with the number of channels.</summary>
    public bool TryFindFormat(
        int mediaIndex, int payloadType, out ReadOnlySpan<byte> name, out int clockRateHz, out int channels)
    {
        if (TryFindRtpMap(mediaIndex, payloadType, out name, out clockRateHz, out channels)) return true;
        name = StaticPayloads.Name(payloadType);
        clockRateHz = StaticPayloads.ClockRateHz(payloadType);
        channels = StaticPayloads.Channels(payloadType);
        return clockRateHz > 0;
    }

    /// <summary>
    /// The first a=crypto line of the relayed stream that we can use: of an offer the one its sender likes best (RFC
    /// 4568 section 5.1.1), of an answer the only one.
    /// </summary>
    public bool TryFindCrypto(out int tag, out SrtpMaster master)
    {
        var block = _media[AudioIndex].Block.Of(Text);
        var lines = new SdpLineReader(block);
        while (lines.TryNext())
        {
            if (lines.Type == 'a' && SdpCrypto.TryRead(lines.Value.Of(block), out tag, out master)) return true;
        }
        (tag, master) = (0, default);
        return false;
    }

    /// <summary>
    /// Its handshake and ICE, if the relayed stream is DTLS-SRTP; none too where no handshake can be made of it.
    /// </summary>
    public DtlsRemote ReadDtls() =>
        _media[AudioIndex].IsDtls && SdpDtls.TryRead(this, out var remote) ? remote : default;

    /// <summary>How the relayed stream's DTLS-SRTP is written; an answer repeats it.</summary>
    public DtlsForm ReadDtlsForm() => SdpDtls.FormOf(this);

    private SdpParseResult ReadLines()
    {
        var lines = new SdpLineReader(Text);
        if (!lines.TryNext() || lines.Type != 'v' || !lines.Value.Of(Text).SequenceEqual("0"u8))
            return SdpParseResult.NotSdp;
        while (lines.TryNext())
        {
            if (lines.Type == 'm')
            {
                if (MediaCount == MediaMax) return SdpParseResult.TooManyMedia;
                if (!TryReadMedia(lines.Value, ref _media[MediaCount])) return SdpParseResult.BadMediaLine;
                _media[MediaCount++].Block = lines.Whole;
                continue;
            }
            if (MediaCount > 0) ReadMediaLine(lines.Type, lines.Value.Of(Text), lines.Whole);
            else ReadSessionLine(lines.Type, lines.Value.Of(Text));
        }
        return lines.IsBad ? SdpParseResult.BadLine : SdpParseResult.Ok;
    }

    private void ReadSessionLine(byte type, ReadOnlySpan<byte> value)
    {
        if (type == 'c' && _sessionConnection.State == SdpConnectionState.Missing)
            _sessionConnection = SdpConnection.Parse(value);
        else if (type == 'a' && SdpAttribute.TryDirection(value, out var direction))
            _sessionDirection = direction;
    }

    // The first c= line of a level counts; more are for layered multicast.
    private void ReadMediaLine(byte type, ReadOnlySpan<byte> value, SdpSlice whole)
    {
        ref var media = ref _media[MediaCount - 1];
        media.Block = new SdpSlice(media.Block.Offset, whole.End - media.Block.Offset);
        if (type == 'c' && media.Connection.State == SdpConnectionState.Missing)
            media.Connection = SdpConnection.Parse(value);
        else if (type == 'a' && !TryNoteMap(value, ref media))
            SdpAttribute.Apply(value, ref media);
        else if (type == 'b')
            ApplyBandwidth(value, ref media);
    }

    // Formats are asked for often: reading all lines each time would cost more than all else of an SDP.
    private bool TryNoteMap(ReadOnlySpan<byte> value, ref SdpMedia media)
    {
        if (!SdpAttribute.TryRtpMap(value, out var type, out var name, out var clockRateHz, out var channels))
            return false;
        media.RecordedFormats.Note(type, name, clockRateHz, channels);
        if (_mapCount == MapsMax || !Text.Overlaps(name, out var offset)) return true;
        var slice = new SdpSlice(offset, name.Length);
        _maps[_mapCount++] = new SdpMap((byte)(MediaCount - 1), (byte)type, (byte)channels, clockRateHz, slice);
        return true;
    }

    // bandwidth-field = "b=" bwtype ":" bandwidth        b=RS:0   b=RR:0
    private static void ApplyBandwidth(ReadOnlySpan<byte> value, ref SdpMedia media)
    {
        if (value.SequenceEqual("RS:0"u8)) media.HasNoSenderReports = true;
        else if (value.SequenceEqual("RR:0"u8)) media.HasNoReceiverReports = true;
    }

    // media-field = "m=" media SP port ["/" integer] SP proto 1*(SP fmt)        m=audio 49170 RTP/AVP 0 101
    private bool TryReadMedia(SdpSlice line, ref SdpMedia media)
    {
        media = new SdpMedia { FirstPayloadType = -1 };
        var value = line.Of(Text);
        var typeEnd = value.IndexOf((byte)' ');
        if (typeEnd < 1) return false;
        var portText = value[(typeEnd + 1)..];
        if (!Utf8Parser.TryParse(portText, out ushort port, out var portLength)) return false;
        if (portText[0] is < (byte)'0' or > (byte)'9') return false;
        var portEnd = portText.IndexOf((byte)' ');
        if (portEnd < portLength || (portEnd > portLength && portText[portLength] != '/')) return false;
        var protocolStart = typeEnd + 1 + portEnd + 1;
        var protocolLength = value[protocolStart..].IndexOf((byte)' ');
        if (protocolLength < 1) return false;
        var formatsStart = protocolStart + protocolLength + 1;
        if (formatsStart >= value.Length) return false;
        media.Port = port;
        media.TypeText = new SdpSlice(line.Offset, typeEnd);
        media.ProtocolText = new SdpSlice(line.Offset + protocolStart, protocolLength);
        media.FormatsText = new SdpSlice(line.Offset + formatsStart, value.Length - formatsStart);
        media.IsAudio = value[..typeEnd].SequenceEqual("audio"u8);
        media.IsRtp = SdpProtocol.IsRtp(media.ProtocolText.Of(Text));
        media.IsSecure = SdpProtocol.IsSecure(media.ProtocolText.Of(Text));
        media.IsDtls = SdpProtocol.IsDtls(media.ProtocolText.Of(Text));
        media.FirstPayloadType = SdpAttribute.FirstPayloadType(media.FormatsText.Of(Text));
        return true;
    }

    // The first stream that can be relayed; if there is none, why the first audio stream could not.
    private SdpParseResult ChooseAudio()
    {
        var result = SdpParseResult.NoUsableAudio;
        for (var i = 0; i < MediaCount; i++)
        {
            ref var media = ref _media[i];
            Complete(i, ref media);
            if (AudioIndex >= 0 || !media.IsAudio || media.Port == 0) continue;
            var usable = Judge(media);
            if (usable == SdpParseResult.Ok) AudioIndex = i;
            else if (result == SdpParseResult.NoUsableAudio) result = usable;
        }
        return AudioIndex >= 0 ? SdpParseResult.Ok : result;
    }

    private static SdpParseResult Judge(in SdpMedia media)
    {
        if (!media.IsRtp) return SdpParseResult.UnknownProtocol;
        return media.Connection.State switch
        {
            SdpConnectionState.Good => SdpParseResult.Ok,
            SdpConnectionState.Missing => SdpParseResult.MissingConnection,
            SdpConnectionState.HostName => SdpParseResult.HostName,
            _ => SdpParseResult.BadConnection,
        };
    }

    private void Complete(int index, ref SdpMedia media)
    {
        if (media.Connection.State == SdpConnectionState.Missing) media.Connection = _sessionConnection;
        if (!media.HasDirection) media.Direction = _sessionDirection;
        if (media.IsHeldByAddress)
        {
            var sends = media.Direction is SdpDirection.SendRecv or SdpDirection.SendOnly;
            media.Direction = sends ? SdpDirection.SendOnly : SdpDirection.Inactive;
        }
        if (!TryFindFormat(index, media.FirstPayloadType, out var name, out var clockRateHz)) return;
        media.ClockRateHz = clockRateHz;
        media.Impairment = CodecImpairment.Of(name);
    }

    private bool TryFindRtpMap(
        int mediaIndex, int payloadType, out ReadOnlySpan<byte> name, out int clockRateHz, out int channels)
    {
        foreach (ref readonly var map in _maps.AsSpan(0, _mapCount))
        {
            if (map.Media != mediaIndex || map.PayloadType != payloadType) continue;
            name = map.Name.Of(Text);
            (clockRateHz, channels) = (map.ClockRateHz, map.Channels);
            return true;
        }
        name = default;
        (clockRateHz, channels) = (0, 1);
        return _mapCount == MapsMax
            && TrySearchRtpMap(mediaIndex, payloadType, out name, out clockRateHz, out channels);
    }

    private bool TrySearchRtpMap(
        int mediaIndex, int payloadType, out ReadOnlySpan<byte> name, out int clockRateHz, out int channels)
    {
        var block = _media[mediaIndex].Block.Of(Text);
        var lines = new SdpLineReader(block);
        (clockRateHz, channels) = (0, 1);
        name = default;
        while (lines.TryNext())
        {
            var value = lines.Value.Of(block);
            var isMap = lines.Type == 'a'
                && SdpAttribute.TryRtpMap(value, out var type, out name, out clockRateHz, out channels)
                && type == payloadType;
            if (isMap) return true;
        }
        name = default;
        (clockRateHz, channels) = (0, 1);
        return false;
    }
}
