using ApiSvc.Gateway.Dependencies;
using ApiSvc.ServiceDefaults.Commands;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceEndpoints(endpoints => endpoints.Additional.Add("https"));
builder.AddEdgeDependencies();

var app = builder.Build();
app.MapDefaultEndpoints();
return await app.RunServiceAsync(args);
