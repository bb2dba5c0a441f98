using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Access;

/// <summary>
/// A trunk answered a request of ours with 401 or 407: the request goes out again with credentials, as RFC 3261 section
/// 22.2 says: same Call-ID, next CSeq number, new branch. Works on the bytes of the request, so it serves INVITE,
/// BYE, REGISTER and all others alike; whoever waits for the answer goes on waiting. Worker thread only.
/// </summary>
internal static class AnswerChallenge
{
    /// <summary>False when the challenge stands: no credentials, or those that we have were refused.</summary>
    public static bool TryRun(
        CallEngine engine, TransactionHandle tx, CallRef reference, SipMessage response, in ReceivedAt at)
    {
        if (engine.Sip.FindChallenged(tx) is not { } challenged) return false;
        var request = challenged.Request;
        var leg = FindLeg(engine, request);
        if (reference.IsAttempt && (leg is null || leg.Invite != tx || !IsDialing(engine, reference))) return false;
        if (reference.Role == (byte)TransactionRole.Transfer && leg?.Invite != tx) return false;
        // Accounts may share their address and even their user's name: a REGISTER's trunk is known.
        var trunk = engine.Registering.TrunkOf(tx) ?? FindTrunk(engine, leg, request, challenged.Flow);
        if (trunk is null || !TryNext(engine, challenged.Tries, response, trunk, out var tries))
        {
            engine.Access.Counters.Unanswered++;
            return false;
        }
        var cseq = NextCSeq(engine, leg, request);
        var again = Write(engine, request, trunk, cseq);
        if (again.IsEmpty) return false;
        engine.Access.Counters.Answered++;
        var user = reference.ToUser();
        var started = engine.Sip.StartRequest(again, request.Method, challenged.Flow, user, at.NowMs, tries);
        if (started.IsNone) return false;
        Replace(engine, reference, leg, tx, started);
        return true;
    }

    // Once for each kind of challenge, once more for a stale nonce; a chain that is challenged beyond that has the
    // wrong password.
    private static bool TryNext(
        CallEngine engine, DigestTries before, SipMessage response, Trunk trunk, out DigestTries tries)
    {
        Span<byte> cnonce = stackalloc byte[SipTokens.TagLength];
        tries = before;
        if (!engine.Digest.TryLearn(response, trunk, engine.Tokens.WriteTag(cnonce), out var isStale)) return false;
        var kind = response.StatusCode == 407 ? DigestTries.Proxy : DigestTries.Server;
        if ((before & kind) == DigestTries.None) tries |= kind;
        else if (isStale && (before & DigestTries.Stale) == DigestTries.None) tries |= DigestTries.Stale;
        else engine.Digest.Forget(trunk);
        return tries != before;
    }

    private static uint NextCSeq(CallEngine engine, CallLeg? leg, SipMessage request)
    {
        if (leg is null) return request.CSeqNumber + 1;
        return request.Method == SipMethod.Prack
            ? TakeReliable.NextCSeq(engine, leg, request)
            : leg.Dialog.TakeCSeq(request.Method);
    }

    private static ReadOnlySpan<byte> Write(CallEngine engine, SipMessage request, Trunk trunk, uint cseq)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var writer = new SipWriter(engine.Scratch);
        RepeatedRequest.WriteHead(ref writer, request.Bytes, engine.Tokens.WriteBranch(branch), cseq);
        if (!engine.Digest.TryWrite(ref writer, trunk, request)) return default;
        RepeatedRequest.WriteRest(ref writer, request.Bytes);
        return writer.Written;
    }

    // Our From tag names the leg as long as its call lives.
    private static CallLeg? FindLeg(CallEngine engine, SipMessage request)
    {
        if (!DialogSwitch.TryFind(engine, request.FromTag, out _, out var leg)) return null;
        return leg.Dialog.LocalTag.SequenceEqual(request.FromTag) ? leg : null;
    }

    private static bool IsDialing(CallEngine engine, CallRef reference) =>
        engine.Calls.Find(reference) is { State: CallState.Dialing } call
        && reference.Role == call.Facts.AttemptCount;

    // A digest is given to the trunk's own addresses only: a peer further on in a dialog that challenges us could
    // otherwise collect digests to guess the password from.
    private static Trunk? FindTrunk(CallEngine engine, CallLeg? leg, SipMessage request, in SipFlow flow)
    {
        if (leg?.Trunk is { Credentials: not null } own) return IsAt(own, flow) ? own : null;
        Trunk? found = null;
        foreach (var trunk in engine.Routes.Trunks.All)
        {
            if (trunk.Credentials is not { } credentials || !IsAt(trunk, flow)) continue;
            if (Names(request, credentials)) return trunk;
            found ??= trunk;
        }
        return found;
    }

    private static bool IsAt(Trunk trunk, in SipFlow flow) =>
        trunk.LivesAt(flow.Remote) || trunk.Admits(flow.Remote);

    // Several accounts with one carrier share its address: the user is in the credentials, or in From of a REGISTER.
    private static bool Names(SipMessage request, TrunkCredentials credentials)
    {
        if (Names(request.Header(SipHeaderKind.Authorization), credentials)) return true;
        if (Names(request.Header(SipHeaderKind.ProxyAuthorization), credentials)) return true;
        return NameAddrView.TryParse(request.From, out var from) && SipUriView.TryParse(from.Uri, out var uri)
            && uri.User.SequenceEqual(credentials.Username);
    }

    private static bool Names(ReadOnlySpan<byte> header, TrunkCredentials credentials) =>
        DigestCredentialsView.TryParse(header, out var sent) && sent.Username.SequenceEqual(credentials.Username);

    // Who waits under the old transaction waits under the new one.
    private static void Replace(
        CallEngine engine, CallRef reference, CallLeg? leg, TransactionHandle old, TransactionHandle now)
    {
        engine.Registering.Replace(old, now);
        if (leg is null) return;
        if (leg.Invite == old)
        {
            leg.Invite = now;
            leg.Dialog.CallAgain();
        }
        if (leg.Session.Refresh == old) leg.Session.Refresh = now;
        if (reference.Role == (byte)TransactionRole.Detached || engine.Calls.Find(reference) is not { } call) return;
        if (reference.IsAttempt) ForgetEarly(engine, call);
        var origin = leg == call.Inbound ? call.Outbound : call.Inbound;
        if (origin.Reinvite.Client == old) origin.Reinvite.Client = now;
        if (origin.Request.Client == old) origin.Request.Client = now;
    }

    // What early dialogs of the refused INVITE taught is void with them: an answer that comes for their offer finds
    // nobody, and those of the INVITE that goes out again begin their own counts.
    private static void ForgetEarly(CallEngine engine, Call call)
    {
        engine.TakeBackEarlyDialogs(call);
        (call.HasEarlyOffer, call.Outbound.IsSettled) = (false, false);
    }
}
