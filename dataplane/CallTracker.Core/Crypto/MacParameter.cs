using System.Runtime.InteropServices;

namespace CallTracker.Core.Crypto;

/// <summary>OpenSSL's OSSL_PARAM; a list of them ends with one whose name is null.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MacParameter
{
    public const uint Utf8String = 4;
    public byte* Name;
    public uint Type;
    public byte* Data;
    public nuint DataSize;
    public nuint ReturnSize;
}
