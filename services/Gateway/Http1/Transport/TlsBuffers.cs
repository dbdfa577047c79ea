using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ApiSvc.Gateway.Http1.Transport;

/// <summary>
/// Has OpenSSL give back a connection's buffers whenever they are empty: it keeps 34 KB for each otherwise, also while the
/// connection only waits. The runtime has no setting for it.
/// </summary>
internal static partial class TlsBuffers
{
    private const string Library = "libssl.so.3";
    private const int ControlMode = 33;
    private const nint ReleaseBuffers = 0x10;

    // The handle of OpenSSL's own object. A runtime that keeps it elsewhere loses no more than the saving.
    private static readonly FieldInfo? Context = Find();

    /// <summary>To be called after the handshake, while nobody reads or writes.</summary>
    /// <returns>Whether it does; not where TLS is another library's.</returns>
    public static bool ReleaseWhenEmpty(SslStream stream) =>
        Context?.GetValue(stream) is SafeHandle { IsInvalid: false, IsClosed: false } handle
        && (Control(handle, ControlMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;

    private static FieldInfo? Find()
    {
        // Of another version than the runtime's the library would not know the object.
        if (!OperatingSystem.IsLinux() || SafeEvpPKeyHandle.OpenSslVersion >> 28 != 3)
        {
            return null;
        }

        var field = typeof(SslStream).GetField(
            "_securityContext",
            BindingFlags.Instance | BindingFlags.NonPublic
        );
        return
            field is not null
            && typeof(SafeHandle).IsAssignableFrom(field.FieldType)
            && NativeLibrary.TryLoad(Library, out var library)
            && NativeLibrary.TryGetExport(library, "SSL_ctrl", out _)
            ? field
            : null;
    }

    // SSL_set_mode is a macro of it (SSL_CTX_set_mode(3)).
    [LibraryImport(Library, EntryPoint = "SSL_ctrl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Control(SafeHandle tls, int command, nint value, nint pointer);
}
