using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Dialogs;

/// <summary>
/// One dialog (RFC 3261 section 12) in half a KB of storage, at most 2 KB: pooled, reused after <see cref="Reset"/>,
/// owned by one worker thread. Everything it gives is a view of that storage.
/// </summary>
public sealed class SipDialog
{
    private readonly DialogText _text = new();
    private bool _isUac;

    public SipDialogState State { get; private set; }

    public ReadOnlySpan<byte> CallId => _text[DialogPart.CallId];

    public ReadOnlySpan<byte> LocalTag => _text[DialogPart.LocalTag];

    /// <summary>Empty until a response brings it, and for RFC 2543 peers.</summary>
    public ReadOnlySpan<byte> RemoteTag => _text[DialogPart.RemoteTag];

    /// <summary>Our From or To value, without tag.</summary>
    public ReadOnlySpan<byte> LocalAddress => _text[DialogPart.LocalAddress];

    /// <summary>The peer's From or To value, without tag.</summary>
    public ReadOnlySpan<byte> RemoteAddress => _text[DialogPart.RemoteAddress];

    /// <summary>The peer's Contact URI: the Request-URI of what we send.</summary>
    public ReadOnlySpan<byte> RemoteTarget => _text[DialogPart.RemoteTarget];

    public int RouteCount { get; private set; }

    /// <summary>CSeq number of our last request.</summary>
    public uint LocalCSeq { get; private set; }

    /// <summary>CSeq number of our last INVITE, which its ACK repeats.</summary>
    public uint InviteCSeq { get; private set; }

    /// <summary>CSeq number of the peer's last request; -1 before the first.</summary>
    public long RemoteCSeq { get; private set; } = -1;

    /// <summary>Forgets everything, for the next call.</summary>
    public void Reset()
    {
        _text.Clear();
        _isUac = false;
        State = SipDialogState.None;
        RouteCount = 0;
        LocalCSeq = 0;
        InviteCSeq = 0;
        RemoteCSeq = -1;
    }

    /// <summary>The dialog that our responses to an INVITE make (RFC 3261 section 12.1.1).</summary>
    public SipDialogResult InitUas(SipMessage invite, ReadOnlySpan<byte> localTag)
    {
        Reset();
        var isKept = _text.TrySet(DialogPart.CallId, invite.CallId)
            && _text.TrySet(DialogPart.LocalTag, localTag)
            && _text.TrySet(DialogPart.RemoteTag, invite.FromTag)
            && TrySetAddress(DialogPart.LocalAddress, invite.To)
            && TrySetAddress(DialogPart.RemoteAddress, invite.From);
        if (!isKept) return SipDialogResult.TooLong;
        var target = TakeTarget(invite);
        if (target != SipDialogResult.Ok) return target;
        var routes = TakeRoutes(invite, isReversed: false);
        if (routes != SipDialogResult.Ok) return routes;
        RemoteCSeq = invite.CSeqNumber;
        State = SipDialogState.Early;
        return SipDialogResult.Ok;
    }

    /// <summary>The dialog that we ask for with an INVITE (RFC 3261 section 12.1.2).</summary>
    /// <param name="callId">Of this leg alone.</param>
    /// <param name="localTag">The From tag.</param>
    /// <param name="from">From value without tag.</param>
    /// <param name="to">To value without tag.</param>
    /// <param name="target">Request-URI of the INVITE.</param>
    /// <param name="firstCSeq">CSeq number of the INVITE.</param>
    public SipDialogResult InitUac(
        ReadOnlySpan<byte> callId, ReadOnlySpan<byte> localTag, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to,
        ReadOnlySpan<byte> target, uint firstCSeq = 1)
    {
        Reset();
        _isUac = true;
        var isKept = _text.TrySet(DialogPart.CallId, callId)
            && _text.TrySet(DialogPart.LocalTag, localTag)
            && _text.TrySet(DialogPart.LocalAddress, from)
            && _text.TrySet(DialogPart.RemoteAddress, to)
            && _text.TrySet(DialogPart.RemoteTarget, target);
        if (!isKept) return SipDialogResult.TooLong;
        // The INVITE is the next request, so the number before it is the last one.
        LocalCSeq = firstCSeq - 1;
        State = SipDialogState.Calling;
        return SipDialogResult.Ok;
    }

    /// <summary>
    /// Adds a Route of our own before the INVITE of a UAC is written: an outbound proxy, with its brackets.
    /// </summary>
    public SipDialogResult AddRoute(ReadOnlySpan<byte> route)
    {
        if (!NameAddrView.TryParse(route, out _)) return SipDialogResult.BadRoute;
        if (!_text.TryAppend(DialogPart.Routes, route) || !_text.TryAppend(DialogPart.Routes, "\n"u8))
            return SipDialogResult.TooLong;
        RouteCount++;
        return SipDialogResult.Ok;
    }

    /// <summary>
    /// Takes what a response to our request says: 101 to 299 to the INVITE make the dialog, a 2xx to INVITE or UPDATE
    /// refreshes the target (RFC 3261 section 12.2.1.2).
    /// </summary>
    public SipDialogResult OnResponse(SipMessage response)
    {
        var code = response.StatusCode;
        var isSuccess = code is >= 200 and < 300;
        var makes = code is > 100 and < 300 && response.CSeqMethod == SipMethod.Invite && !response.ToTag.IsEmpty;
        if (State is SipDialogState.Early or SipDialogState.Confirmed && _isUac && makes && IsOther(response))
        {
            // An early dialog gives way to the fork that answers; a confirmed one does not.
            if (State == SipDialogState.Confirmed || !isSuccess) return SipDialogResult.OtherDialog;
            State = SipDialogState.Calling;
        }
        if (makes && State == SipDialogState.Calling) return Make(response, isSuccess);
        if (makes && isSuccess && State == SipDialogState.Early) return Confirm(response);
        var refreshes = isSuccess && response.CSeqMethod is SipMethod.Invite or SipMethod.Update;
        var hasTarget = response.Count(SipHeaderKind.Contact) > 0;
        return refreshes && hasTarget && State == SipDialogState.Confirmed ? TakeTarget(response) : SipDialogResult.Ok;
    }

    /// <summary>
    /// Another early dialog of the same INVITE has used these numbers already and becomes this one (RFC 3261 section
    /// 12.1.2: each starts from the INVITE's number).
    /// </summary>
    public void SkipTo(uint localCSeq) => LocalCSeq = Math.Max(LocalCSeq, localCSeq);

    /// <summary>Our 2xx to the INVITE is out: the dialog is confirmed.</summary>
    public void ConfirmUas() => State = SipDialogState.Confirmed;

    /// <summary>
    /// Checks a request inside the dialog and remembers its CSeq number. ACK and CANCEL repeat the number of their
    /// INVITE.
    /// </summary>
    public SipDialogCheck CheckRequest(SipMessage request)
    {
        if (!IsOurs(request)) return SipDialogCheck.NotThisDialog;
        if (request.Method is SipMethod.Ack or SipMethod.Cancel) return SipDialogCheck.Ok;
        if (request.CSeqNumber < RemoteCSeq) return SipDialogCheck.OutOfOrder;
        RemoteCSeq = request.CSeqNumber;
        return SipDialogCheck.Ok;
    }

    /// <summary>True when Call-ID and both tags are this dialog's; changes nothing.</summary>
    public bool Names(SipMessage request) => IsOurs(request);

    /// <summary>A re-INVITE or UPDATE that we accept moves the peer's target (RFC 3261 section 12.2.2).</summary>
    public SipDialogResult RefreshTarget(SipMessage request) =>
        request.Count(SipHeaderKind.Contact) == 0 ? SipDialogResult.Ok : TakeTarget(request);

    /// <summary>
    /// Writes the start of a request in this dialog with the next CSeq number: request line, Via, Max-Forwards, Route,
    /// From, To, Call-ID, CSeq. The caller adds its own headers and ends the message.
    /// </summary>
    public void WriteRequest(
        ref SipWriter writer, SipMethod method, SipTransportKind transport, in IpEndpoint sentBy,
        scoped ReadOnlySpan<byte> branch, int maxForwards = 70)
    {
        LocalCSeq++;
        if (method == SipMethod.Invite) InviteCSeq = LocalCSeq;
        Write(ref writer, method, transport, sentBy, branch, maxForwards, LocalCSeq);
    }

    /// <summary>
    /// The next CSeq number, for a request of this dialog that is written elsewhere: one that goes out again because it
    /// was challenged.
    /// </summary>
    public uint TakeCSeq(SipMethod method)
    {
        LocalCSeq++;
        if (method == SipMethod.Invite) InviteCSeq = LocalCSeq;
        return LocalCSeq;
    }

    /// <summary>
    /// The INVITE that asked for this dialog was refused and goes out again: what an early response to it made is void.
    /// </summary>
    public void CallAgain()
    {
        if (_isUac && State == SipDialogState.Early) State = SipDialogState.Calling;
    }

    /// <summary>
    /// Writes the start of the ACK to a 2xx: as any request, with the CSeq number of our INVITE (section 13.2.2.4).
    /// </summary>
    public void WriteAck(
        ref SipWriter writer, SipTransportKind transport, in IpEndpoint sentBy, scoped ReadOnlySpan<byte> branch,
        int maxForwards = 70) => Write(ref writer, SipMethod.Ack, transport, sentBy, branch, maxForwards, InviteCSeq);

    /// <summary>Where requests go next: the first Route or the target, where its host is an IP literal.</summary>
    public bool TryGetNextHop(out IpEndpoint endpoint)
    {
        endpoint = default;
        return SipUriView.TryParse(NextHopUri, out var uri) && uri.TryGetEndpoint(out endpoint);
    }

    /// <summary>The URI whose host requests are sent to.</summary>
    public ReadOnlySpan<byte> NextHopUri =>
        RouteCount > 0 && NameAddrView.TryParse(RouteAt(0), out var first) ? first.Uri : RemoteTarget;

    /// <summary>The n-th Route value.</summary>
    public ReadOnlySpan<byte> RouteAt(int index)
    {
        var rest = _text[DialogPart.Routes];
        while (index-- > 0) rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        return rest[..rest.IndexOf((byte)'\n')];
    }

    private void Write(
        ref SipWriter writer, SipMethod method, SipTransportKind transport, in IpEndpoint sentBy,
        scoped ReadOnlySpan<byte> branch, int maxForwards, uint cseq)
    {
        // A first Route without lr is a strict router: it stands in the Request-URI and the target goes last
        // (RFC 3261 section 12.2.1.1).
        var isStrict = RouteCount > 0 && NameAddrView.TryParse(RouteAt(0), out var first)
            && SipUriView.TryParse(first.Uri, out var uri) && !uri.Parameters.Has("lr"u8);
        writer.RequestLine(method, isStrict ? NextHopUri : RemoteTarget);
        writer.Via(transport, sentBy, branch);
        writer.Header(SipHeaderKind.MaxForwards, maxForwards);
        for (var i = isStrict ? 1 : 0; i < RouteCount; i++) writer.Header(SipHeaderKind.Route, RouteAt(i));
        if (isStrict)
        {
            writer.BeginHeader(SipHeaderKind.Route);
            writer.Raw("<"u8);
            writer.Raw(RemoteTarget);
            writer.Raw(">\r\n"u8);
        }
        writer.HeaderWithTag(SipHeaderKind.From, LocalAddress, LocalTag);
        writer.HeaderWithTag(SipHeaderKind.To, RemoteAddress, RemoteTag);
        writer.Header(SipHeaderKind.CallId, CallId);
        writer.CSeq(cseq, SipMethods.NameOf(method));
    }

    private SipDialogResult Make(SipMessage response, bool isSuccess)
    {
        if (!_text.TrySet(DialogPart.RemoteTag, response.ToTag)) return SipDialogResult.TooLong;
        State = isSuccess ? SipDialogState.Confirmed : SipDialogState.Early;
        var routes = TakeRoutes(response, isReversed: true);
        if (routes != SipDialogResult.Ok) return routes;
        // A provisional response need not bring a Contact unless it is reliable; the INVITE's target serves until then.
        var isAbsent = response.Count(SipHeaderKind.Contact) == 0;
        return isAbsent && !isSuccess ? SipDialogResult.Ok : TakeTarget(response);
    }

    // The route set is taken anew from the 2xx (RFC 3261 section 13.2.2.4).
    private SipDialogResult Confirm(SipMessage response)
    {
        State = SipDialogState.Confirmed;
        if (!_isUac) return SipDialogResult.Ok;
        var routes = TakeRoutes(response, isReversed: true);
        return routes == SipDialogResult.Ok ? TakeTarget(response) : routes;
    }

    private SipDialogResult TakeTarget(SipMessage message)
    {
        if (!NameAddrView.TryParse(message.Header(SipHeaderKind.Contact), out var contact))
            return SipDialogResult.BadContact;
        return _text.TrySet(DialogPart.RemoteTarget, contact.Uri) ? SipDialogResult.Ok : SipDialogResult.TooLong;
    }

    private SipDialogResult TakeRoutes(SipMessage message, bool isReversed)
    {
        RouteCount = 0;
        _text.TrySet(DialogPart.Routes, default);
        var count = message.Count(SipHeaderKind.RecordRoute);
        for (var i = 0; i < count; i++)
        {
            var route = message.Header(SipHeaderKind.RecordRoute, isReversed ? count - 1 - i : i);
            var added = AddRoute(route);
            if (added != SipDialogResult.Ok) return added;
        }
        return SipDialogResult.Ok;
    }

    // The tag parameter goes, all other parameters stay: they belong to the address (RFC 3261 section 12.1.1).
    private bool TrySetAddress(DialogPart part, ReadOnlySpan<byte> value)
    {
        if (!NameAddrView.TryParse(value, out var address)) return false;
        var rest = address.Parameters.Text;
        if (!_text.TrySet(part, SipText.TrimEnd(value[..^rest.Length]))) return false;
        while (SipParameters.TryTake(ref rest, out var name, out var parameter))
        {
            if (name.IsEmpty || SipText.EqualsIgnoreCase(name, "tag"u8)) continue;
            if (!_text.TryAppend(part, ";"u8) || !_text.TryAppend(part, name)) return false;
            if (parameter.IsEmpty) continue;
            if (!_text.TryAppend(part, "="u8) || !_text.TryAppend(part, parameter)) return false;
        }
        return true;
    }

    private bool IsOther(SipMessage response) => !response.ToTag.SequenceEqual(RemoteTag);

    private bool IsOurs(SipMessage request) => request.CallId.SequenceEqual(CallId)
        && request.ToTag.SequenceEqual(LocalTag) && request.FromTag.SequenceEqual(RemoteTag);
}
