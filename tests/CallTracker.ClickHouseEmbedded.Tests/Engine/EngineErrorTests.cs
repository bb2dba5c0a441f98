using CallTracker.ClickHouseEmbedded.Engine;
using CallTracker.ClickHouseEmbedded.Http;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Engine;

/// <summary>The engine's messages, as the library words them, become a server's. No engine.</summary>
public sealed class EngineErrorTests
{
    [Theory]
    [InlineData("Code: 60. DB::Exception: Unknown table 'x'. (UNKNOWN_TABLE)",
        "Code: 60. DB::Exception: Unknown table 'x'. (UNKNOWN_TABLE)")]
    [InlineData("Code: 73. DB::Exception: Code: 73. DB::Exception: Unknown format A(B). (UNKNOWN_FORMAT) "
        + "(version 26.7.2.1). (UNKNOWN_FORMAT)",
        "Code: 73. DB::Exception: Unknown format A(B). (UNKNOWN_FORMAT)")]
    [InlineData("Code: 33. DB::Exception: Cannot read: (at row 1)\n. (CANNOT_READ_ALL_DATA) (version 1 (official))",
        "Code: 33. DB::Exception: Cannot read: (at row 1)\n. (CANNOT_READ_ALL_DATA)")]
    [InlineData("Code: 76. DB::ErrnoException: Cannot open: , errno: 2. (CANNOT_OPEN_FILE)",
        "Code: 76. DB::Exception: Cannot open: , errno: 2. (CANNOT_OPEN_FILE)")]
    [InlineData("Streaming insert failed", "Code: 1002. DB::Exception: Streaming insert failed (UNKNOWN_EXCEPTION)")]
    [InlineData("", "Code: 1002. DB::Exception:  (UNKNOWN_EXCEPTION)")]
    [InlineData("Code: x. DB::Exception: y",
        "Code: 1002. DB::Exception: Code: x. DB::Exception: y (UNKNOWN_EXCEPTION)")]
    public void EngineError_AsTheLibraryWordsIt_ReadsAsAServers(string text, string expected)
    {
        EngineError.Parse(text).ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData(60, 404)]
    [InlineData(81, 404)]
    [InlineData(115, 404)]
    [InlineData(516, 403)]
    [InlineData(497, 403)]
    [InlineData(194, 401)]
    [InlineData(62, 400)]
    [InlineData(27, 400)]
    [InlineData(53, 400)]
    [InlineData(159, 408)]
    [InlineData(229, 413)]
    [InlineData(48, 501)]
    [InlineData(202, 500)]
    [InlineData(164, 500)]
    [InlineData(33, 500)]
    public void HttpStatus_OfACode_IsWhatAServerGives(int code, int status)
    {
        HttpStatus.Of(code).ShouldBe(status);
    }
}
