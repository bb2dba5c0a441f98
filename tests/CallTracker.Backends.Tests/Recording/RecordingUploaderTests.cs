using System.Net;
using System.Net.Sockets;
using CallTracker.Backends.Recording;
using CallTracker.Backends.Tests.Support;
using CallTracker.Contracts.Recordings;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>Filed recordings on their way into a real S3 server of another make.</summary>
public sealed class RecordingUploaderTests : IAsyncLifetime
{
    private readonly TempFolder _files = new();
    private readonly LogSink _log = new();
    private readonly FakeClock _clock = new();
    private S3Server _s3 = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RecordingFolder Folder => new(_files.Path);

    public async ValueTask InitializeAsync() => _s3 = await S3Server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _s3.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Recordings_InTheFolder_AreInTheStoreAndNoLongerHere()
    {
        var written = Enumerable.Range(1, 20).ToDictionary(number => RecorderRig.TrnId(number), Write);
        await using var uploader = Uploader(_s3.Address);
        (await uploader.TurnAsync(Token)).ShouldBeTrue();
        (uploader.Stored, uploader.Waiting, uploader.Failures).ShouldBe((20, 0, 0));
        uploader.Bytes.ShouldBe(written.Values.Sum(bytes => bytes.Length));
        Folder.FindFiled(DateTimeOffset.UtcNow).ShouldBeEmpty();
        using var bucket = new RecordingBucket(Options(_s3.Address));
        foreach (var (trnId, bytes) in written)
        {
            await using var file = await bucket.FetchAsync(trnId, _files.Path, Token);
            var kept = new byte[file!.Length];
            await file.ReadExactlyAsync(kept, Token);
            kept.ShouldBe(bytes);
        }
        (await bucket.FetchAsync(RecorderRig.TrnId(99), _files.Path, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task StoreThatIsAway_LeavesRecordingsHere_UntilItIsBack()
    {
        Write(1);
        Write(2);
        await _s3.KillAsync();
        await using (var uploader = Uploader(_s3.Address))
        {
            (await uploader.TurnAsync(Token)).ShouldBeFalse();
            (await uploader.TurnAsync(Token)).ShouldBeFalse();
            (uploader.Stored, uploader.Waiting).ShouldBe((0, 2));
            uploader.Failures.ShouldBeGreaterThan(0);
        }
        _log.Has(BackendEvent.RecordingStoreAway).ShouldBeTrue();
        Folder.FindFiled(DateTimeOffset.UtcNow).Count().ShouldBe(2);
        await _s3.RestartAsync();
        // Another start of the node: what is to be done lies in the folder.
        await using var next = Uploader(_s3.Address);
        next.Start();
        await Eventually.IsTrue(() => next.Stored == 2, "both are in the store");
        Folder.FindFiled(DateTimeOffset.UtcNow).ShouldBeEmpty();
    }

    [Fact]
    public async Task StoreThatRefuses_IsSaidWithoutTheSecret_AndNothingIsLost()
    {
        Write(1);
        const string Key = "a-key-it-has-not";
        const string Secret = "a-very-secret-word";
        var options = Options(_s3.Address) with { AccessKey = Key, SecretKey = Secret };
        await using var uploader = new RecordingUploader(Folder, new RecordingBucket(options), _clock, _log);
        (await uploader.TurnAsync(Token)).ShouldBeFalse();
        Folder.FindFiled(DateTimeOffset.UtcNow).Count().ShouldBe(1);
        _s3.Objects.ShouldBeEmpty();
        var said = _log.Entries.Single(e => e.What == BackendEvent.RecordingStoreAway).Detail;
        said.ShouldContain("InvalidAccessKeyId");
        (said.Contains(Secret, StringComparison.Ordinal), said.Contains(Key, StringComparison.Ordinal))
            .ShouldBe((false, false));
    }

    // A store that says yes and has something else, or less.
    [Theory]
    [InlineData("00000000000000000000000000000000", 0)]
    [InlineData(null, -1)]
    public async Task Store_ThatKeepsSomethingElse_DoesNotCostTheRecording(string? hash, int lengthChange)
    {
        var bytes = Write(1);
#pragma warning disable CA5351 // As S3 has it.
        hash ??= Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes));
#pragma warning restore CA5351
        using var liar = new HttpListener();
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        liar.Prefixes.Add(address.ToString());
        liar.Start();
        var serving = ServeAsync(liar, hash, bytes.Length + lengthChange);
        await using var uploader = Uploader(address);
        (await uploader.TurnAsync(Token)).ShouldBeFalse();
        (uploader.Stored, uploader.Failures).ShouldBe((0, 1));
        Folder.FindFiled(DateTimeOffset.UtcNow).Count().ShouldBe(1);
        liar.Stop();
        await serving;
    }

    [Fact]
    public async Task File_ThatCannotBeStored_DoesNotKeepTheOthersBack()
    {
        Write(1);
        // The oldest, of more bytes than an object may have; none of them takes room on the disk.
        await using (var huge = File.Create(Folder.FiledPath(RecorderRig.TrnId(0))))
            huge.SetLength(RecordingBucket.LengthMax + 1);
        await using var uploader = Uploader(_s3.Address);
        (await uploader.TurnAsync(Token)).ShouldBeTrue();
        (await uploader.TurnAsync(Token)).ShouldBeTrue();
        uploader.Stored.ShouldBe(1);
        _log.Entries.Count(e => e.What == BackendEvent.RecordingFailed).ShouldBe(1);
        _log.Has(BackendEvent.RecordingStoreAway).ShouldBeFalse();
    }

    [Fact]
    public async Task Folders_ThatAreEmptyAndOld_Go()
    {
        Write(1);
        await using var uploader = Uploader(_s3.Address);
        await uploader.TurnAsync(Token);
        var folder = Path.GetDirectoryName(Folder.FiledPath(RecorderRig.TrnId(1)))!;
        Folder.FindFiled(DateTimeOffset.UtcNow.AddHours(47)).ShouldBeEmpty();
        Directory.Exists(folder).ShouldBeTrue();
        Folder.FindFiled(DateTimeOffset.UtcNow.AddHours(49)).ShouldBeEmpty();
        Directory.Exists(folder).ShouldBeFalse();
    }

    private static async Task ServeAsync(HttpListener listener, string hash, int length)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.Headers["ETag"] = "\"" + hash + "\"";
                if (context.Request.HttpMethod == "HEAD") context.Response.ContentLength64 = length;
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static RecordingBucketOptions Options(Uri address) => new()
    {
        Address = address,
        Bucket = S3Server.Bucket,
        Prefix = "a/b/",
        AccessKey = S3Server.Key,
        SecretKey = S3Server.Key,
    };

    private RecordingUploader Uploader(Uri address) =>
        new(Folder, new RecordingBucket(Options(address)), _clock, _log);

    private byte[] Write(int number)
    {
        var bytes = new byte[10_000 + (number * 1000)];
        new Random(number).NextBytes(bytes);
        var path = Folder.FiledPath(RecorderRig.TrnId(number));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return bytes;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
