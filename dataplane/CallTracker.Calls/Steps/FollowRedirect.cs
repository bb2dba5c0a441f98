using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Steps;

/// <summary>
/// A destination answers 3xx. Where its trunk's settings allow it, the first number among the contacts that was not
/// tried yet is dialled, by the same rules as any destination; hosts of a contact are never believed.
/// </summary>
internal static class FollowRedirect
{
    /// <summary>Redirections one call may follow.</summary>
    public const int RedirectsMax = 3;

    /// <summary>False when it is not followed; the attempt has failed then.</summary>
    public static bool TryRun(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        if (response.StatusCode is < 300 or >= 400 || call.Trunk is not { Redirect: RedirectPolicy.Follow })
            return false;
        if (call.RedirectCount == RedirectsMax || !TryChoose(call, response, out var number)) return false;
        call.RedirectCount++;
        FailAttempt.ByRedirect(engine, call, (ushort)response.StatusCode, number, at);
        return true;
    }

    private static bool TryChoose(Call call, SipMessage response, out PhoneNumber number)
    {
        number = default;
        for (var i = 0; i < response.Count(SipHeaderKind.Contact); i++)
        {
            if (!NameAddrView.TryParse(response.Header(SipHeaderKind.Contact, i), out var contact)) continue;
            if (!SipUriView.TryParse(contact.Uri, out var uri) || !CalledNumber.TryRead(uri, out number)) continue;
            if (!WasTried(call, number)) return true;
        }
        return false;
    }

    // The called number itself would come back to us.
    private static bool WasTried(Call call, PhoneNumber number)
    {
        if (number == call.Facts.Called) return true;
        foreach (ref readonly var attempt in call.Facts.Attempts)
        {
            if (attempt.Target == number) return true;
        }
        return false;
    }
}
