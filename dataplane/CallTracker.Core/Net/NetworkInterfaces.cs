using System.Runtime.InteropServices;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// The network interfaces of the calling thread's network namespace, by the kernel's own calls: /sys shows those of
/// the namespace it was mounted in. Used at start.
/// </summary>
public static unsafe partial class NetworkInterfaces
{
    private const string Library = "libc";
    private const int NameBytes = 16;
    private const int RequestBytes = 40;
    private const nuint GetHardwareAddress = 0x8927;
    private const ushort Ethernet = 1;

    /// <summary>Indexes and names of the interfaces whose packets begin with an Ethernet header.</summary>
    public static List<(int Index, string Name)> EthernetOnes()
    {
        var found = new List<(int Index, string Name)>();
        var list = NameIndexes();
        if (list is null) return found;
        for (var at = list; at->Index != 0; at++)
        {
            if (Marshal.PtrToStringUTF8((nint)at->Name) is { } name && IsEthernet(at->Name))
                found.Add(((int)at->Index, name));
        }
        FreeNameIndexes(list);
        return found;
    }

    private static bool IsEthernet(byte* name)
    {
        var socket = LibC.Socket(SockAddr.FamilyInet, LibC.SockDgram | LibC.SockCloseOnExec, 0);
        if (socket < 0) return false;
        var request = stackalloc byte[RequestBytes];
        for (var i = 0; i < NameBytes && name[i] != 0; i++) request[i] = name[i];
        var result = Control(socket, GetHardwareAddress, request);
        _ = LibC.Close(socket);
        return result == 0 && *(ushort*)(request + NameBytes) == Ethernet;
    }

    [LibraryImport(Library, EntryPoint = "if_nameindex")]
    private static partial NameIndex* NameIndexes();

    [LibraryImport(Library, EntryPoint = "if_freenameindex")]
    private static partial void FreeNameIndexes(NameIndex* list);

    [LibraryImport(Library, EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, void* argument);

    [StructLayout(LayoutKind.Sequential)]
    private struct NameIndex
    {
        public uint Index;
        public byte* Name;
    }
}
