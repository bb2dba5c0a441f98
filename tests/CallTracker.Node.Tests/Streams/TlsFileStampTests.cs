using CallTracker.Node.Streams;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>The look at the files of TLS, while somebody exchanges them.</summary>
public sealed class TlsFileStampTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ct-stamp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Look_WhileTheFileIsTakenAwayAndPutBack_NeverThrows()
    {
        var path = Path.Combine(_folder, "node.pem");
        var settings = new TlsSettings { CertificatePath = path, KeyPath = path, CaPath = path };
        using var end = new CancellationTokenSource();
        var renewer = new Thread(() => PutAndTakeAway(path, end.Token));
        renewer.Start();
        try
        {
            // Asked twice for each file, it was gone the second time within some hundred looks.
            for (var i = 0; i < 20_000; i++) TlsFileStamp.Of(settings).Bytes.ShouldBeLessThanOrEqualTo(3);
        }
        finally
        {
            end.Cancel();
            renewer.Join();
        }
    }

    [Fact]
    public void Look_AtAFile_ChangesWithItsLengthAndItsGoing()
    {
        var path = Path.Combine(_folder, "node.pem");
        var settings = new TlsSettings { CertificatePath = path };
        var absent = TlsFileStamp.Of(settings);
        File.WriteAllText(path, "x");
        var present = TlsFileStamp.Of(settings);
        File.WriteAllText(path, "xy");
        TlsFileStamp.Of(settings).ShouldNotBe(present);
        File.Delete(path);
        TlsFileStamp.Of(settings).ShouldBe(absent);
        present.ShouldNotBe(absent);
    }

    private static void PutAndTakeAway(string path, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            File.WriteAllText(path, "x");
            File.Delete(path);
        }
    }
}
