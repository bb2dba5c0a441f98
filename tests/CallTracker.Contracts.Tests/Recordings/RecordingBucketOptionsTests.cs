using CallTracker.Contracts.Recordings;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Recordings;

/// <summary>Where recordings go, as the environment says it.</summary>
public sealed class RecordingBucketOptionsTests
{
    [Theory]
    [InlineData("https://s3.example.net/calls", "https://s3.example.net/", "calls", "")]
    [InlineData("http://127.0.0.1:9000/calls/", "http://127.0.0.1:9000/", "calls", "")]
    [InlineData("https://s3.example.net/calls/tokyo/2026", "https://s3.example.net/", "calls", "tokyo/2026/")]
    public void Url_OfABucket_IsAddressBucketAndPrefix(string url, string address, string bucket, string prefix)
    {
        var options = Read(url, "key", "secret")!;
        (options.Address.ToString(), options.Bucket, options.Prefix, options.Region)
            .ShouldBe((address, bucket, prefix, "us-east-1"));
        (options.AccessKey, options.SecretKey).ShouldBe(("key", "secret"));
        new RecordingBucket(options).KeyOf("0123456789ABCDEF01234567")
            .ShouldBe(prefix + "01234/0123456789ABCDEF01234567.ctr");
    }

    [Fact]
    public void Text_OfTheOptions_HasNoSecret() =>
        Read("https://s3.example.net/calls", "the-key", "the-secret")!.ToString().ShouldNotContain("the-");

    [Fact]
    public void Nothing_Set_IsNoStore() => Read(null, null, null).ShouldBeNull();

    [Theory]
    [InlineData("ftp://s3.example.net/calls", "key", "secret", "CALLTRACKER_S3_URL")]
    [InlineData("https://s3.example.net", "key", "secret", "CALLTRACKER_S3_URL")]
    [InlineData("https://key:secret@s3.example.net/calls", "key", "secret", "CALLTRACKER_S3_URL")]
    [InlineData("no url", "key", "secret", "CALLTRACKER_S3_URL")]
    [InlineData("https://s3.example.net/calls", null, "secret", "CALLTRACKER_S3_ACCESS_KEY")]
    [InlineData("https://s3.example.net/calls", "key", " ", "CALLTRACKER_S3_SECRET_KEY")]
    public void Value_ThatIsBad_IsNamedAndNotShown(string url, string? key, string? secret, string name)
    {
        var text = Should.Throw<FormatException>(() => Read(url, key, secret)).Message;
        text.ShouldContain(name);
        text.ShouldNotContain("key:secret");
    }

    private static RecordingBucketOptions? Read(string? url, string? key, string? secret) =>
        RecordingBucketOptions.FromEnvironment(name => name switch
        {
            "CALLTRACKER_S3_URL" => url,
            "CALLTRACKER_S3_ACCESS_KEY" => key,
            "CALLTRACKER_S3_SECRET_KEY" => secret,
            _ => null,
        });
}
