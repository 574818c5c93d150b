// As a user of the JavaScript product begins. It does not compile: the analyzer in the package says what to write.
using Enclave;

var options = new EnclaveOptions { SecurityLevel = "STRICT", Timeout = 5000, ToolHandler = async (name, args) => 42 };
var first = new Enclave(options);
await using var enclave = new EnclaveHost(options);
var result = await enclave.run("return 1");
