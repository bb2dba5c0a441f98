using System.Globalization;
using CallTracker.ClickHouseEmbedded.Engine;
using Microsoft.Extensions.Primitives;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// A request's URL and headers, sorted into what ClickHouse knows: its own parameters, param_NAME values, and settings
/// (everything else). Immutable; belongs to one request.
/// </summary>
internal sealed record QueryRequest
{
    private const string ParameterPrefix = "param_";

    public string Text { get; private init; } = string.Empty;

    public string QueryId { get; private init; } = string.Empty;

    public string DefaultFormat { get; private init; } = FormatTable.Default;

    public string? SessionId { get; private init; }

    public int SessionTimeoutSec { get; private init; } = ServerLimits.SessionTimeoutSecDefault;

    public bool SessionMustExist { get; private init; }

    public bool WaitsForEnd { get; private init; }

    public bool MayCompress { get; private init; } = true;

    public bool CompressesNatively { get; private init; }

    public bool DecompressesNatively { get; private init; }

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; private init; } = [];

    public RunSettings Settings { get; private init; } = new(null, [], MustOnlyRead: false);

    /// <summary>False with an error when a parameter makes no sense.</summary>
    public static bool TryRead(HttpRequest http, out QueryRequest request, out EngineError? error)
    {
        var reader = new Reader();
        error = null;
        foreach (var (name, values) in http.Query)
            error ??= reader.Take(name, values);
        request = reader.Finish(http);
        if (request.QueryId.Length > ServerLimits.QueryIdCharsMax
            || ServerLog.Escape(request.QueryId).Length != request.QueryId.Length)
        {
            error = EngineErrors.QueryId;
            // What cannot be a header must not be echoed in one.
            request = request with { QueryId = Guid.NewGuid().ToString() };
        }

        error ??= FindUnsupported(http);
        return error is null;
    }

    private static EngineError? FindUnsupported(HttpRequest http) =>
        http.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true
            ? EngineErrors.NotImplemented("External tables (multipart/form-data) are not supported here")
            : null;

    private static bool IsOn(string value) =>
        value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Collects while the URL is walked; lives for that walk only.</summary>
    private sealed class Reader
    {
        private readonly List<KeyValuePair<string, string>> _settings = [];
        private readonly List<KeyValuePair<string, string>> _parameters = [];
        private QueryRequest _request = new();
        private string? _database;
        private string? _format;
        private bool _onlyReads;

        public EngineError? Take(string name, StringValues values)
        {
            var value = values[^1] ?? string.Empty;
            if (name.StartsWith(ParameterPrefix, StringComparison.Ordinal))
            {
                _parameters.Add(new(name[ParameterPrefix.Length..], value));
                return null;
            }

            return name switch
            {
                "query" => Set(_request with { Text = value }),
                "query_id" => Set(_request with { QueryId = value }),
                "wait_end_of_query" => Set(_request with { WaitsForEnd = IsOn(value) }),
                "session_id" => Set(_request with { SessionId = value }),
                "session_check" => Set(_request with { SessionMustExist = IsOn(value) }),
                "session_timeout" => TakeTimeout(value),
                "compress" => Set(_request with { CompressesNatively = IsOn(value) }),
                "decompress" => Set(_request with { DecompressesNatively = IsOn(value) }),
                "database" => SetDatabase(value),
                "default_format" => SetFormat(value),
                "role" => EngineErrors.NotImplemented("The parameter role is not supported here"),
                "user" or "password" or "quota_key" or "stacktrace" or "buffer_size" or "close_session"
                    or "client_protocol_version" => null,
                _ => TakeSetting(name, value),
            };
        }

        public QueryRequest Finish(HttpRequest http)
        {
            _database ??= Header(http, "X-ClickHouse-Database");
            var isRead = HttpMethods.IsGet(http.Method) || HttpMethods.IsHead(http.Method);
            return _request with
            {
                QueryId = _request.QueryId.Length == 0 ? Guid.NewGuid().ToString() : _request.QueryId,
                DefaultFormat = _format ?? Header(http, "X-ClickHouse-Format") ?? FormatTable.Default,
                Parameters = _parameters,
                Settings = new RunSettings(_database, _settings, isRead || _onlyReads),
            };
        }

        private static string? Header(HttpRequest http, string name) =>
            http.Headers[name] is { Count: > 0 } values && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

        private EngineError? Set(QueryRequest changed)
        {
            _request = changed;
            return null;
        }

        private EngineError? SetDatabase(string value)
        {
            _database = value.Length == 0 ? null : value;
            return null;
        }

        private EngineError? SetFormat(string value)
        {
            _format = value.Length == 0 ? null : value;
            return null;
        }

        private EngineError? TakeTimeout(string value)
        {
            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds > ServerLimits.SessionTimeoutSecMax)
            {
                return new EngineError(
                    374, "INVALID_SESSION_TIMEOUT",
                    $"Invalid session timeout: '{value}', the maximum is {ServerLimits.SessionTimeoutSecMax}");
            }

            return Set(_request with { SessionTimeoutSec = seconds });
        }

        private EngineError? TakeSetting(string name, string value)
        {
            if (!SqlText.IsSettingName(name))
                return new EngineError(115, "UNKNOWN_SETTING", $"Unknown setting '{ServerLog.Escape(name)}'");
            if (name is "enable_http_compression")
                _request = _request with { MayCompress = IsOn(value) };
            if (name is "readonly" && value is not "0")
                _onlyReads = true;
            _settings.Add(new(name, value));
            return null;
        }
    }
}
