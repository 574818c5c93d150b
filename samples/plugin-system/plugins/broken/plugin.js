return eval(input);
