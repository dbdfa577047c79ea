using ApiSvc.Interop.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace ApiSvc.Interop.Peers;

/// <summary>The contract as a file that the peers load: a <c>FileDescriptorSet</c> with all that it imports.</summary>
internal static class Descriptors
{
    private static readonly Lazy<Task<string>> Written = new(WriteAsync);

    public static Task<string> File => Written.Value;

    private static async Task<string> WriteAsync()
    {
        var set = new FileDescriptorSet();
        var known = new HashSet<string>();
        foreach (
            var file in (FileDescriptor[])
                [
                    InteropReflection.Descriptor,
                    StatusReflection.Descriptor,
                    ErrorDetailsReflection.Descriptor,
                    HealthReflection.Descriptor,
                    ServerReflection.Descriptor.File,
                ]
        )
        {
            Add(file);
        }

        var path = Path.Combine(AppContext.BaseDirectory, "interop.descriptors");
        await System.IO.File.WriteAllBytesAsync(path, set.ToByteArray());
        return path;

        void Add(FileDescriptor file)
        {
            if (known.Add(file.Name))
            {
                foreach (var import in file.Dependencies)
                {
                    Add(import);
                }

                set.File.Add(file.ToProto());
            }
        }
    }
}
