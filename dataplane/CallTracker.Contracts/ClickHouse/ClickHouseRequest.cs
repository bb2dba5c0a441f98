using System.Buffers;
using System.Globalization;
using System.Text;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>Builds the URL of one statement: database, settings, parameters. Lives for one request.</summary>
internal sealed class ClickHouseRequest
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\t\n\r\0\b\f");
    private readonly ClickHouseOptions _options;
    private readonly StringBuilder _query = new();

    public ClickHouseRequest(ClickHouseOptions options, bool withDatabase = true)
    {
        _options = options;
        if (withDatabase) Set("database", options.Database);
    }

    public ClickHouseRequest Set(string name, string value)
    {
        _query.Append(_query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public ClickHouseRequest Set(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Values of <c>{name:Type}</c> in the statement, given raw; the server reads them as escaped text.
    /// </summary>
    public ClickHouseRequest Parameters(IReadOnlyDictionary<string, string>? parameters)
    {
        if (parameters is null) return this;
        foreach (var (name, value) in parameters) Set("param_" + name, Escape(value));
        return this;
    }

    public HttpRequestMessage Post(HttpContent content)
    {
        var request =
            new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Address, "/" + _query)) { Content = content };
        if (_options.User.Length > 0) request.Headers.Add("X-ClickHouse-User", _options.User);
        if (_options.Password.Length > 0) request.Headers.Add("X-ClickHouse-Key", _options.Password);
        return request;
    }

    private static string Escape(string value)
    {
        if (value.AsSpan().IndexOfAny(Escaped) < 0) return value;
        var text = new StringBuilder(value.Length + 8);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\0' => text.Append("\\0"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                _ => text.Append(c),
            };
        }
        return text.ToString();
    }
}
