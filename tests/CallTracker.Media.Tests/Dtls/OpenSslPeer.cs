using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>The program openssl as the browser's end of a handshake, on a real socket.</summary>
internal static partial class OpenSslPeer
{
    private const int DeadlineMs = 20_000;

    /// <summary>Handshakes with our server side.</summary>
    /// <param name="profiles">SRTP profiles it offers, by OpenSSL's names; null: none.</param>
    /// <param name="agree">Its keying material is that of our keys.</param>
    public static DtlsResult Handshake(string? profiles, out bool agree)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var folder = Directory.CreateTempSubdirectory("dtls");
        var pem = Path.Combine(folder.FullName, "peer.pem");
        File.WriteAllText(pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        using var session = new DtlsSession(
            Identities.Ours, isServer: true, DtlsFingerprint.Of(certificate.RawData));
        using var socket = new MediaPeer(RelayHarness.NewAddress());
        using var client = Start(socket.Endpoint, pem, profiles);
        var output = Run(session, socket, client);
        folder.Delete(recursive: true);
        agree = session.TryExport(out var local, out var remote) && Material(output) == Joined(local, remote);
        return session.Result;
    }

    private static Process Start(IpEndpoint server, string pem, string? profiles)
    {
        var start = new ProcessStartInfo("openssl")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        string[] srtp = profiles is null ? [] : ["-use_srtp", profiles];
        string[] arguments =
        [
            "s_client", "-dtls1_2", "-connect", server.ToString(), "-cert", pem, "-key", pem,
            "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", "92", .. srtp,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("openssl does not start.");
    }

    private static string Run(DtlsSession session, MediaPeer socket, Process client)
    {
        var output = client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var flight = new byte[DtlsSession.FlightBytesMax];
        var watch = Stopwatch.StartNew();
        while (session.Result == DtlsResult.None && watch.ElapsedMilliseconds < DeadlineMs)
        {
            if (!socket.TryReceive(out var datagram, out var source))
            {
                // The other end is a program of its own, and the machine may be busy.
                Thread.Sleep(5);
                continue;
            }
            session.Take(datagram);
            ReadOnlySpan<byte> rest = flight.AsSpan(0, session.TakeFlight(flight));
            while (DtlsRecords.TryTake(ref rest, out var part)) socket.Send(source, part);
        }
        // At the end of its input it closes, and says what it had.
        client.StandardInput.Close();
        if (!client.WaitForExit(DeadlineMs)) client.Kill();
        return output.GetAwaiter().GetResult();
    }

    // Client's key, server's key, client's salt, server's salt; it exports as much as the longest suite needs.
    private static string Joined(SrtpMaster server, SrtpMaster client) =>
        Convert.ToHexString(client.Key) + Convert.ToHexString(server.Key)
        + Convert.ToHexString(client.Salt) + Convert.ToHexString(server.Salt);

    private static string Material(string output)
    {
        var all = KeyingMaterial().Match(output).Groups[1].Value;
        var suite = output.Contains("_GCM", StringComparison.Ordinal)
            && SelectedProfile().Match(output).Groups[1].Value is var name
            && name.Contains("AEAD", StringComparison.Ordinal)
            ? name.Contains("256", StringComparison.Ordinal) ? SrtpSuite.Aead256Gcm : SrtpSuite.Aead128Gcm
            : SrtpSuite.Cm128Sha80;
        return all[..Math.Min(all.Length, SrtpSuites.MasterLength(suite) * 4)];
    }

    [GeneratedRegex("Keying material: ([0-9A-F]+)")]
    private static partial Regex KeyingMaterial();

    [GeneratedRegex("SRTP Extension negotiated, profile=(\\S+)")]
    private static partial Regex SelectedProfile();
}
