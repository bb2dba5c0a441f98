using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CallTracker.TestKit;

/// <summary>A certificate authority of one test, its files in a folder that is deleted with it.</summary>
public sealed class TestCa : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calltracker tls ");
    private readonly X509Certificate2 _ca;
    private int _serial;

    public TestCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _ca = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(3650));
        File.WriteAllText(CaPath, _ca.ExportCertificatePem());
    }

    public string CaPath => PathOf("ca.pem");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes name.pem and name.key; the certificate is for the names and addresses given.</summary>
    public X509Certificate2 Issue(string name, int days, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var serial = BitConverter.GetBytes(++_serial);
        using var signed = request.Create(
            _ca, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(days), serial);
        File.WriteAllText(PathOf(name + ".pem"), signed.ExportCertificatePem());
        File.WriteAllText(PathOf(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _ca.Dispose();
        _folder.Delete(recursive: true);
    }
}
