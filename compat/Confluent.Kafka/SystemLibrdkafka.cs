using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Confluent.Kafka;

/// <summary>
/// Lets Confluent.Kafka find the native library that the system has: without the package of native libraries it looks
/// for <c>librdkafka.so</c>, and Debian's librdkafka1 has only <c>librdkafka.so.1</c>.
/// </summary>
internal static class SystemLibrdkafka
{
    private const string Installed = "apisvc.librdkafka";

#pragma warning disable CA2255 // It has to run before Confluent.Kafka is used, whoever uses it first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Install()
    {
        // Compiled into every project that uses Confluent.Kafka; one of them in a process is enough.
        lock (AssemblyLoadContext.Default)
        {
            if (AppContext.GetData(Installed) is null)
            {
                AppContext.SetData(Installed, true);
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Resolve(name);
            }
        }
    }

    private static nint Resolve(string name)
    {
        if (name != "librdkafka")
        {
            return 0;
        }

        if (!NativeLibrary.TryLoad("librdkafka.so.1", out var library))
        {
            // Confluent.Kafka swallows what is thrown here and says only that loading failed.
            Console.Error.WriteLine(
                "librdkafka.so.1 is not installed, and Kafka cannot be used without it. Install it: apt-get install librdkafka1"
            );
        }

        return library;
    }
}
