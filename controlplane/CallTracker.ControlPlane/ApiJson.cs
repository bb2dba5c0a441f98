using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.ApiKeys;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Judgement.Rules;
using CallTracker.ControlPlane.Numbers;
using CallTracker.ControlPlane.Observability;
using CallTracker.ControlPlane.Recordings;
using CallTracker.ControlPlane.Traces;
using CallTracker.ControlPlane.Trunks;

namespace CallTracker.ControlPlane;

/// <summary>The JSON form (snake_case) of all that the API reads, writes and keeps. Generated, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(StoredApiKey))]
[JsonSerializable(typeof(ApiKeyBody))]
[JsonSerializable(typeof(ApiKeyCreated))]
[JsonSerializable(typeof(ListPage<ApiKeyRecord>), TypeInfoPropertyName = "ListPageApiKeyRecord")]
[JsonSerializable(typeof(AdvertiserBody))]
[JsonSerializable(typeof(ListPage<Advertiser>), TypeInfoPropertyName = "ListPageAdvertiser")]
[JsonSerializable(typeof(NumberBody))]
[JsonSerializable(typeof(ListPage<TrackingNumber>), TypeInfoPropertyName = "ListPageTrackingNumber")]
[JsonSerializable(typeof(TrunkBody))]
[JsonSerializable(typeof(ListPage<TrunkAnswer>), TypeInfoPropertyName = "ListPageTrunkAnswer")]
[JsonSerializable(typeof(TraceRequestBody))]
[JsonSerializable(typeof(ListPage<TraceRequestView>), TypeInfoPropertyName = "ListPageTraceRequestView")]
[JsonSerializable(typeof(ListPage<KeptCallView>), TypeInfoPropertyName = "ListPageKeptCallView")]
[JsonSerializable(typeof(JudgementRuleBody))]
[JsonSerializable(typeof(ListPage<JudgementRule>), TypeInfoPropertyName = "ListPageJudgementRule")]
[JsonSerializable(typeof(StoredRule))]
[JsonSerializable(typeof(PendingRule))]
[JsonSerializable(typeof(RecordingOrderView))]
[JsonSerializable(typeof(OperatorRecord))]
[JsonSerializable(typeof(ReadinessReport))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private static ApiJson? _wire;

    /// <summary>
    /// The form that is used: Japanese stays readable, while quotes inside texts are escaped as \u0022, which the Lua
    /// scripts rely on.
    /// </summary>
    public static ApiJson Wire => _wire ??= new ApiJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
