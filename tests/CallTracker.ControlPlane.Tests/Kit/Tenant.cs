using System.Globalization;
using System.Net;
using CallTracker.Contracts.Calls;

namespace CallTracker.ControlPlane.Tests.Kit;

/// <summary>An operator of a test's own, with a key that may do everything.</summary>
internal sealed class Tenant(Stack stack, string operatorId, ApiClient admin)
{
    private static int _count;

    public string OperatorId => operatorId;

    public ApiClient Admin => admin;

    public Stack Stack => stack;

    /// <summary>A free-call number that no other test uses.</summary>
    public static string NextNumber() =>
        "0120" + Interlocked.Increment(ref _count).ToString("D6", CultureInfo.InvariantCulture);

    public static string NumberJson(string dinId, string clientId = "c1", string fwdId = "0312345678") =>
        $$"""
        {"din_id":"{{dinId}}","client_id":"{{clientId}}","dialin_name":"店",
         "destinations":[{"fwd_id":"{{fwdId}}","ring_sec":20}]}
        """;

    public async Task<Tenant> WithAdvertiserAsync(string clientId = "c1", string name = "広告主")
    {
        var answer = await admin.PostAsync("/v1/advertisers",
            $$"""{"client_id":"{{clientId}}","client_name":"{{name}}"}""");
        answer.Expect(HttpStatusCode.Created);
        return this;
    }

    /// <summary>A client with a key of fewer rights.</summary>
    public async Task<ApiClient> KeyAsync(string scopes, string? clientId = null)
    {
        var list = string.Join(',', scopes.Split(' ').Select(s => $"\"{s}\""));
        var bound = clientId is null ? "" : $",\"client_id\":\"{clientId}\"";
        var answer = await admin.PostAsync("/v1/api-keys", $$"""{"name":"k","scopes":[{{list}}]{{bound}}}""");
        return stack.Client(answer.Expect(HttpStatusCode.Created)["key"]);
    }

    /// <summary>A call's id as it is kept: unique everywhere, whatever short name a test gives it.</summary>
    public string TrnId(string name) => operatorId[..12] + name.PadLeft(12, '0');

    /// <summary>The short name of a call.</summary>
    public static string NameOf(string trnId) => trnId.Length < 12 ? trnId : trnId[12..].TrimStart('0');

    /// <summary>An answered call of this operator; the test changes what matters to it.</summary>
    public CallRecord Call(
        string trnId, long dinMs, int talkSec = 60, string caller = "09011112222", string client = "c1",
        string dinId = "0120000001", bool isAnswered = true, string fwdId = "0312345678",
        string clientName = "広告主", string verstat = "", string attest = "",
        MediaFigures inboundMedia = default, string mediaMode = "") => new()
        {
            TrnId = TrnId(trnId),
            NodeId = "n1",
            OperatorId = operatorId,
            DinId = dinId,
            ClientId = client,
            ClientName = clientName,
            DialinId = "d" + dinId,
            DialinName = "店",
            FwdId = fwdId,
            ClrIdCipher = stack.Numbers.Seal(caller),
            CallerKey = stack.Numbers.Key(caller),
            DinMs = dinMs,
            FwdMs = dinMs + 1000,
            TstMs = isAnswered ? dinMs + 5000 : 0,
            EocMs = dinMs + 5000 + (talkSec * 1000L),
            DialStat = isAnswered ? DialStatus.Normal : DialStatus.Busy,
            ClrType = Contracts.Numbers.TerminalKind.Mobile,
            FwdType = Contracts.Numbers.TerminalKind.Fixed,
            HupUsr = HangupSide.Caller,
            SipCode = (ushort)(isAnswered ? 200 : 486),
            EndReason = "bye",
            CallId = "id-" + trnId,
            TrunkIn = "t-in",
            TrunkOut = "t-out",
            Verstat = verstat,
            InboundMedia = inboundMedia,
            MediaMode = mediaMode,
            Attest = attest,
            Attempts = [new CallAttempt(fwdId, 200, 4000, "t-out")],
        };
}
