using System.Globalization;
using System.Net;
using System.Text;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// Turns answers, error texts and network failures into <see cref="ClickHouseException"/>. Stateless.
/// </summary>
internal static class ClickHouseErrors
{
    /// <summary>The longest error text kept; servers repeat whole queries in it.</summary>
    public const int TextLengthMax = 2000;

    public static ClickHouseException FromNetwork(Exception cause) =>
        new(0, "ClickHouse is not reachable: " + cause.Message, isTransient: true, cause);

    public static ClickHouseException FromTimeout(int timeoutSec) =>
        new(0, $"ClickHouse gave no answer within {timeoutSec} s", isTransient: true);

    /// <summary>The exception of an answer whose status or header says that it failed.</summary>
    public static async Task<ClickHouseException> FromAnswerAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await ReadStartAsync(answer, ct);
        var code = CodeIn(answer) ?? CodeIn(text);
        if (code is { } known) return new ClickHouseException(known, text, IsTransient(known));
        var status = (int)answer.StatusCode;
        var mayPass = status >= 500 || answer.StatusCode is HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests;
        return new ClickHouseException(0, $"ClickHouse answered HTTP {status}: {text}", mayPass);
    }

    /// <summary>The exception whose text stands in the body of an answer that began well.</summary>
    public static ClickHouseException FromText(string text)
    {
        var clean = Clean(text);
        var code = CodeIn(clean) ?? 0;
        // Without a code the answer was cut short on its way: a repeated query may pass.
        return new ClickHouseException(code, clean, code == 0 || IsTransient(code));
    }

    /// <summary>The code that the answer's header names, also beside status 200.</summary>
    public static int? CodeIn(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var values)) return null;
        return int.TryParse(values.First(), CultureInfo.InvariantCulture, out var code) ? code : null;
    }

    // Code: 60. DB::Exception: Table calltracker.x does not exist. (UNKNOWN_TABLE)
    public static int? CodeIn(string text)
    {
        const string Mark = "Code: ";
        var start = text.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0 || !text.Contains("Exception", StringComparison.Ordinal)) return null;
        var digits = text.AsSpan(start + Mark.Length);
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        if (length < 0) length = digits.Length;
        return int.TryParse(digits[..length], CultureInfo.InvariantCulture, out var code) ? code : null;
    }

    /// <summary>Time-outs, limits reached, no space, no quorum, connections lost: they pass by themselves.</summary>
    public static bool IsTransient(int code) => code is
        3 or 159 or 160 or 164 or 198 or 201 or 202 or 203 or 209 or 210 or 225 or 236 or 241 or 242 or 243 or 252 or
        279 or 285 or 286 or 319 or 394 or 425 or 439 or 473 or 735 or 745 or 999 or 1000 or 1002;

    private static async Task<string> ReadStartAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var bytes = new byte[TextLengthMax];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return Clean(Encoding.UTF8.GetString(bytes, 0, length));
    }

    // The text ends in logs: control characters become spaces.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, TextLengthMax));
        foreach (var c in text.AsSpan()[..Math.Min(text.Length, TextLengthMax)])
            clean.Append(char.IsControl(c) ? ' ' : c);
        return clean.ToString().Trim();
    }
}
